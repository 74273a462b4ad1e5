package io.observability.logqueue;

import java.lang.System.Logger.Level;

/** The number by which files know a level: 1 trace to 5 error. */
final class LevelCode {

	static final int COUNT = 5;

	private LevelCode() {
	}

	static int of(Level level) {
		return switch (level) {
			case ALL, TRACE -> 1;
			case DEBUG -> 2;
			case INFO -> 3;
			case WARNING -> 4;
			case ERROR, OFF -> 5;
		};
	}

}
