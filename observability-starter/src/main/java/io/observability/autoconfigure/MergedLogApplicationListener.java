package io.observability.autoconfigure;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Lets the instances of an application write one log, as soon as Boot has set up logging.
 */
class MergedLogApplicationListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private static final boolean LOGBACK_PRESENT = ClassUtils.isPresent("ch.qos.logback.classic.LoggerContext",
			MergedLogApplicationListener.class.getClassLoader());

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		if (LOGBACK_PRESENT && environment.getProperty("observability.enabled", Boolean.class, true)) {
			LoggingProperties properties = LoggingProperties.of(environment);
			if (!Boolean.FALSE.equals(properties.enabled())) {
				new MergedLogInstaller(environment, properties).install();
			}
		}
	}

}
