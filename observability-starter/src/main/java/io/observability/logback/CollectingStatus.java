package io.observability.logback;

import io.observability.logqueue.CollectorListener;

/** Tells how collecting goes, as a status of the appender. */
final class CollectingStatus implements CollectorListener {

	private final QueueAppender appender;

	CollectingStatus(QueueAppender appender) {
		this.appender = appender;
	}

	@Override
	public void collectingFails(Throwable cause) {
		this.appender.addWarn("merged log can't be written now, events wait on disk: file=" + this.appender.getFile(),
				cause);
	}

	@Override
	public void collectingWorks() {
		this.appender.addInfo("merged log is written again: file=" + this.appender.getFile());
	}

}
