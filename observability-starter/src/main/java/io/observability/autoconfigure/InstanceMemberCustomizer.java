package io.observability.autoconfigure;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.observability.logback.InstanceConverter;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Adds the instance to structured log events, under the name of the label that it has in
 * metrics. The process id is in Boot's formats already.
 */
class InstanceMemberCustomizer implements StructuredLoggingJsonMembersCustomizer<Object> {

	private static final boolean LOGBACK_PRESENT = ClassUtils.isPresent("ch.qos.logback.classic.LoggerContext",
			InstanceMemberCustomizer.class.getClassLoader());

	private final Environment environment;

	InstanceMemberCustomizer(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void customize(Members<Object> members) {
		if (LOGBACK_PRESENT && this.environment.getProperty("observability.enabled", Boolean.class, true)) {
			members.add(name(), InstanceMemberCustomizer::instanceOf).whenNotNull();
		}
	}

	/** Graylog knows a format's additional fields by an underscore. */
	private String name() {
		String label = this.environment.getProperty("observability.instance.label", "instance_id");
		String formats = this.environment.getProperty("logging.structured.format.file", "")
				+ this.environment.getProperty("logging.structured.format.console", "");
		return formats.contains("gelf") ? "_" + label : label;
	}

	private static @Nullable String instanceOf(Object event) {
		return InstanceConverter.instanceOf((ILoggingEvent) event);
	}

}
