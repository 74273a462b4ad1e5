/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.observability.internal.autoconfigure;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.core.spi.ConfigurationEvent;
import ch.qos.logback.core.spi.ConfigurationEventListener;
import ch.qos.logback.core.status.WarnStatus;
import io.observability.internal.instance.Instance;
import io.observability.internal.logback.appender.ContextAppenders;
import io.observability.internal.logback.appender.DeferredHeader;
import io.observability.internal.logback.appender.Departures;
import io.observability.internal.logback.appender.FleetAppender;
import io.observability.internal.logback.appender.StoreAssignment;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Makes the file appenders of a logger context members of the fleet.
 *
 * <p>
 * Protocol. {@link #prepare} runs before Boot configures Logback, {@link #install} after
 * it. In between, and at each later configuration (a reload, for example), the context
 * announces that a configuration starts or has ended. When it starts, the context gets
 * the {@link StoreAssignment}, so that appenders find the store when they are started.
 * When it has ended, Boot's plain file appender is replaced, and appenders that were
 * started without a store are started again. A reset of the context removes all its
 * objects, and stopping it all its listeners but those for configurations.
 *
 * <p>
 * Boot does not configure Logback again for a second application while the first one
 * runs, so the first one's store stays then.
 */
final class MergedLog implements ConfigurationEventListener, LoggerContextListener {

	private static final Map<LoggerContext, MergedLog> BY_CONTEXT = new WeakHashMap<>();

	private final LoggerContext context;

	/**
	 * Held while appenders are replaced. A scan may reset the context meanwhile; it waits
	 * before it configures the context.
	 */
	private final Object installing = new Object();

	private volatile @Nullable Application application;

	private @Nullable RuntimeException invalid;

	/** Whether Boot is about to configure Logback. */
	private volatile boolean prepared;

	/** Why the log is not merged, as it was reported last, or null. */
	private @Nullable String reported;

	private MergedLog(LoggerContext context) {
		this.context = context;
	}

	static MergedLog in(LoggerContext context) {
		synchronized (BY_CONTEXT) {
			return BY_CONTEXT.computeIfAbsent(context, (key) -> {
				MergedLog log = new MergedLog(key);
				key.addConfigurationEventListener(log);
				return log;
			});
		}
	}

	/**
	 * Notes the application that is about to configure logging. What it configures
	 * wrongly fails later, when that can be reported.
	 * @param environment of the application
	 */
	void prepare(Environment environment) {
		boolean configured = this.context.getObject(LoggingSystem.class.getName()) != null;
		if (configured && this.application != null) {
			return;
		}
		listenToResets();
		StoreAssignment.removeFrom(this.context);
		this.application = null;
		this.invalid = null;
		this.prepared = true;
		try {
			this.application = Application.of(environment);
			if (this.application != null && this.application.logFile != null) {
				DeferredHeader.watch(this.context, this.application.logFile);
			}
		}
		catch (RuntimeException ex) {
			this.invalid = ex;
		}
	}

	/**
	 * Makes the appenders that there are now members of the fleet.
	 * @throws RuntimeException if a property is invalid or the configured folder can't be
	 * used
	 */
	void install() {
		this.prepared = false;
		try {
			installPrepared();
		}
		finally {
			Departures.release(this.context);
		}
	}

	private void installPrepared() {
		if (this.invalid != null) {
			throw this.invalid;
		}
		Application application = this.application;
		if (application == null) {
			return;
		}
		listenToResets();
		try {
			application.install(this.context);
		}
		catch (IOException ex) {
			this.context.getLogger(MergedLog.class)
				.warn("store directory can't be used, this instance writes its log file alone until it can, which is tried "
						+ "again and again; set " + StoreLocation.DIRECTORY_PROPERTY
						+ " to a folder that all instances share: directory=" + application.location.directory()
						+ ", cause=" + ex);
		}
		report(application.problem(this.context));
	}

	/** Once for all applications that this process starts. */
	private void report(@Nullable String problem) {
		if (problem != null && !problem.equals(this.reported)) {
			this.context.getLogger(MergedLog.class).warn(problem);
		}
		this.reported = problem;
	}

	/** The end of a logger context removes its listeners. */
	private void listenToResets() {
		this.context.removeListener(this);
		this.context.addListener(this);
	}

	@Override
	public void listen(ConfigurationEvent event) {
		Application application = this.application;
		switch (event.getEventType()) {
			case CONFIGURATION_STARTED -> {
				if (application != null) {
					assignAfterInstallation(application);
				}
			}
			case CONFIGURATION_ENDED_SUCCESSFULLY, CONFIGURATION_ENDED_WITH_XML_PARSING_ERRORS,
					PARTIAL_CONFIGURATION_ENDED_SUCCESSFULLY -> {
				if (application != null) {
					installAfterConfiguration(application);
				}
				this.prepared = false;
				Departures.release(this.context);
			}
			default -> {
				// No appender is configured.
			}
		}
	}

	private void assignAfterInstallation(Application application) {
		synchronized (this.installing) {
			application.assignment.assignTo(this.context);
		}
	}

	private void installAfterConfiguration(Application application) {
		try {
			synchronized (this.installing) {
				application.install(this.context);
			}
		}
		catch (IOException | InvalidPropertyException ex) {
			// Reported by install(), if this is Boot's configuration.
			this.context.getStatusManager()
				.add(new WarnStatus(
						"store directory can't be used, this instance writes its log file alone until it can: directory="
								+ application.location.directory(),
						this, ex));
		}
	}

	@Override
	public boolean isResetResistant() {
		return true;
	}

	@Override
	public void onReset(LoggerContext context) {
		Application application = this.application;
		if (application != null) {
			application.assignment.assignTo(context);
		}
	}

	@Override
	public void onStart(LoggerContext context) {
	}

	/** Boot stops the context before it configures it again, which need not wait. */
	@Override
	public void onStop(LoggerContext context) {
		if (!this.prepared) {
			Departures.await(context);
		}
	}

	@Override
	public void onLevelChange(Logger logger, Level level) {
	}

	/** What an application configures. */
	private record Application(StoreLocation location, StoreAssignment assignment, @Nullable String logFile,
			boolean explicit) {

		/** Returns null if the application's log is not to be merged. */
		static @Nullable Application of(Environment environment) {
			if (!environment.getProperty("observability.enabled", Boolean.class, true) || isBootstrap(environment)) {
				return null;
			}
			LoggingProperties properties = LoggingProperties.of(environment);
			if (Boolean.FALSE.equals(properties.enabled())) {
				return null;
			}
			StoreLocation location = StoreLocation.of(environment);
			LogFile file = LogFile.get(environment);
			return new Application(location,
					new StoreAssignment(location.directory(), location.instanceName(),
							properties.maxBacklog().toBytes(), properties.whenFull(), properties.orderingWindow()),
					(file != null) ? file.toString() : null, Boolean.TRUE.equals(properties.enabled()));
		}

		/** Returns why the log is not merged, or null if it is. */
		@Nullable String problem(LoggerContext context) {
			return ConfiguredLogFiles.of(context).problem(this.logFile, this.explicit);
		}

		/**
		 * Returns whether this is the bootstrap context of Spring Cloud. It does not know
		 * the application's name yet, and has the same name in all applications. After it
		 * logging is configured again.
		 */
		private static boolean isBootstrap(Environment environment) {
			return environment instanceof ConfigurableEnvironment configurable
					&& configurable.getPropertySources().contains("bootstrap");
		}

		void install(LoggerContext context) throws IOException {
			this.assignment.assignTo(context);
			FileAppenderReplacement replacement = new FileAppenderReplacement(context, this.logFile);
			List<FleetAppender> withoutStore = ContextAppenders.withoutStore(context);
			if (!replacement.isNeeded() && withoutStore.isEmpty()) {
				return;
			}
			Instance instance;
			try {
				// Before anything is changed: fails if the folder is not one to be used.
				instance = this.location.join();
			}
			catch (IOException ex) {
				// It can't be used at present: the appenders try again.
				makeMembers(withoutStore, replacement);
				throw ex;
			}
			try (instance) {
				makeMembers(withoutStore, replacement);
			}
		}

		private static void makeMembers(List<FleetAppender> withoutStore, FileAppenderReplacement replacement) {
			withoutStore.forEach(FleetAppender::restart);
			replacement.replace();
		}

	}

}
