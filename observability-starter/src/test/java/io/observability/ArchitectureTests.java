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

package io.observability;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.KernelFiles;
import io.observability.internal.memory.Permissions;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.StoreFolders;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The arrows between the packages: each may use itself and what is listed here, nothing
 * else.
 */
@AnalyzeClasses(packages = "io.observability", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String[] EVERYWHERE = { "java..", "org.jspecify.annotations.." };

	private static final String API = "io.observability";

	private static final String LOGBACK_API = "io.observability.logback";

	private static final String MEMORY = internal("memory");

	private static final String INSTANCE = internal("instance");

	private static final String SEGMENT = internal("segment");

	private static final String TASK = internal("task");

	private static final String METRICS_FORMAT = internal("metrics.format");

	private static final String METRICS_CELLS = internal("metrics.cells");

	private static final String METRICS_SAMPLING = internal("metrics.sampling");

	private static final String METRICS_READ = internal("metrics.read");

	private static final String METRICS_WRITE = internal("metrics.write");

	private static final String METRICS_ARCHIVE = internal("metrics.archive");

	private static final String METRICS = internal("metrics..");

	private static final String LOG_QUEUE = internal("log.queue");

	private static final String LOG_COLLECTOR = internal("log.collector");

	private static final String LOG = internal("log..");

	private static final String REGISTRY = internal("registry");

	private static final String PROMETHEUS = internal("prometheus");

	private static final String LOGBACK_APPENDER = internal("logback.appender");

	private static final String LOGBACK_EVENT = internal("logback.event");

	private static final String LOGBACK_ROLLING = internal("logback.rolling");

	private static final String LOGBACK_SINKS = internal("logback.sinks");

	private static final String WEB = internal("web");

	private static final String ACTUATE = internal("actuate");

	private static final String AUTOCONFIGURE = internal("autoconfigure");

	private static final String BOOT_4 = internal("boot4");

	private static final String MICROMETER = "io.micrometer..";

	private static final String PROMETHEUS_CLIENT = "io.prometheus.metrics..";

	private static final int MOST_PUBLIC_TYPES = 10;

	/** Methods of {@link Files} that only look. */
	private static final Set<String> HARMLESS = Set.of("exists", "isDirectory", "isRegularFile", "isSymbolicLink",
			"isWritable", "readAttributes", "getAttribute", "getOwner", "getFileStore");

	@ArchTest
	static final ArchRule api = only(API).mayUse();

	@ArchTest
	static final ArchRule memory = only(MEMORY).mayUse();

	@ArchTest
	static final ArchRule instance = only(INSTANCE).mayUse(MEMORY);

	@ArchTest
	static final ArchRule segment = only(SEGMENT).mayUse(MEMORY, INSTANCE);

	@ArchTest
	static final ArchRule task = only(TASK).mayUse(MEMORY, INSTANCE, SEGMENT);

	@ArchTest
	static final ArchRule metricsFormat = only(METRICS_FORMAT).mayUse(API, MEMORY, INSTANCE, SEGMENT);

	@ArchTest
	static final ArchRule metricsCells = only(METRICS_CELLS).mayUse(MEMORY, METRICS_FORMAT);

	@ArchTest
	static final ArchRule metricsSampling = only(METRICS_SAMPLING).mayUse(MEMORY);

	@ArchTest
	static final ArchRule metricsRead = only(METRICS_READ).mayUse(API, MEMORY, INSTANCE, SEGMENT, METRICS_FORMAT,
			METRICS_CELLS);

	@ArchTest
	static final ArchRule metricsWrite = only(METRICS_WRITE).mayUse(MEMORY, INSTANCE, SEGMENT, TASK, METRICS_FORMAT,
			METRICS_CELLS, METRICS_READ);

	@ArchTest
	static final ArchRule metricsArchive = only(METRICS_ARCHIVE).mayUse(MEMORY, INSTANCE, SEGMENT, TASK, METRICS_FORMAT,
			METRICS_READ, METRICS_WRITE);

	@ArchTest
	static final ArchRule logQueue = only(LOG_QUEUE).mayUse(API, MEMORY, INSTANCE, SEGMENT, TASK);

	@ArchTest
	static final ArchRule logCollector = only(LOG_COLLECTOR).mayUse(MEMORY, INSTANCE, SEGMENT, TASK, LOG_QUEUE);

	@ArchTest
	static final ArchRule registry = only(REGISTRY).mayUse(API, METRICS, MICROMETER, PROMETHEUS_CLIENT);

	@ArchTest
	static final ArchRule prometheus = only(PROMETHEUS).mayUse(API, METRICS, "io.prometheus.metrics.model..");

	@ArchTest
	static final ArchRule logbackEvent = only(LOGBACK_EVENT).mayUse("ch.qos.logback..", "org.slf4j..");

	@ArchTest
	static final ArchRule logbackAppender = only(LOGBACK_APPENDER).mayUse(API, LOG, INSTANCE, TASK, LOGBACK_EVENT,
			LOGBACK_ROLLING, LOGBACK_SINKS, "ch.qos.logback..", "org.slf4j..");

	@ArchTest
	static final ArchRule logbackRolling = only(LOGBACK_ROLLING).mayUse(LOG_COLLECTOR, TASK, "ch.qos.logback..");

	@ArchTest
	static final ArchRule logbackSinks = only(LOGBACK_SINKS).mayUse(LOG_COLLECTOR, LOGBACK_EVENT, TASK,
			"ch.qos.logback..");

	@ArchTest
	static final ArchRule logback = only(LOGBACK_API).mayUse(API, LOGBACK_APPENDER, LOGBACK_EVENT, "ch.qos.logback..");

	@ArchTest
	static final ArchRule web = only(WEB).mayUse(MICROMETER, "jakarta.servlet..", "org.springframework.web..",
			"org.springframework.context..", "org.springframework.http..", "org.springframework.core..",
			"org.springframework.util..", "reactor..", "org.reactivestreams..");

	@ArchTest
	static final ArchRule actuate = only(ACTUATE).mayUse(API, PROMETHEUS, METRICS, SEGMENT, TASK, LOG, INSTANCE,
			MICROMETER, PROMETHEUS_CLIENT, "org.springframework.boot.actuate..", "org.springframework.lang",
			"org.springframework.util..");

	@ArchTest
	static final ArchRule boot4 = only(BOOT_4).mayUse(ACTUATE, AUTOCONFIGURE, REGISTRY, MICROMETER, PROMETHEUS_CLIENT,
			"org.springframework.boot..", "org.springframework.context.annotation..");

	/** Boot 3.5 does not have them. */
	@ArchTest
	static final ArchRule onlyBoot4UsesWhatMovedInBoot4 = noClasses().that()
		.resideOutsideOfPackage(BOOT_4)
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot.health..", "org.springframework.boot.micrometer..");

	@ArchTest
	static final ArchRule everyClassIsInOneOfThesePackages = classes().should()
		.resideInAnyPackage(API, LOGBACK_API, MEMORY, INSTANCE, SEGMENT, TASK, METRICS_FORMAT, METRICS_CELLS,
				METRICS_SAMPLING, METRICS_READ, METRICS_WRITE, METRICS_ARCHIVE, LOG_QUEUE, LOG_COLLECTOR, REGISTRY,
				PROMETHEUS, LOGBACK_APPENDER, LOGBACK_EVENT, LOGBACK_ROLLING, LOGBACK_SINKS, WEB, ACTUATE,
				AUTOCONFIGURE, BOOT_4);

	@ArchTest
	static void fewTypesAreForApplications(JavaClasses all) {
		assertThat(all.stream()
			.filter((type) -> !type.getPackageName().startsWith("io.observability.internal"))
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC) && !type.getSimpleName().isEmpty())
			.map(JavaClass::getFullName))
			.containsExactlyInAnyOrder("io.observability.FullPolicy", "io.observability.GaugeMode",
					"io.observability.logback.InstanceConverter", "io.observability.logback.QueueAppender")
			.hasSizeLessThanOrEqualTo(MOST_PUBLIC_TYPES);
	}

	@ArchTest
	static final ArchRule nothingUsesAutoconfigure = classes().that()
		.resideInAPackage(AUTOCONFIGURE)
		.should()
		.onlyHaveDependentClassesThat()
		.resideInAnyPackage(AUTOCONFIGURE, BOOT_4);

	@ArchTest
	static final ArchRule packagesFormNoCycle = slices().matching("io.observability.(**)").should().beFreeOfCycles();

	/**
	 * All but {@link StoreFiles}, {@link StoreFolders} and what they are made of go
	 * through them. The folders above a store, and the merged log, are none of the
	 * store's files.
	 */
	@ArchTest
	static final ArchRule filesOfAStoreAreOpenedInOnePlace = noClasses().that()
		.resideInAnyPackage(MEMORY, INSTANCE, SEGMENT, TASK, METRICS, LOG)
		.and(DescribedPredicate.not(belongToAnyOf(StoreFiles.class, StoreFolders.class, KernelFiles.class,
				Permissions.class, StoreDirectory.class)))
		.and()
		.doNotHaveFullyQualifiedName(internal("log.collector") + ".MergedFile")
		.and()
		.doNotHaveFullyQualifiedName(internal("log.collector") + ".LockedLogFile")
		.should()
		.callMethodWhere(new DescribedPredicate<>("it opens or changes a file") {

			@Override
			public boolean test(JavaMethodCall call) {
				String owner = call.getTargetOwner().getName();
				boolean files = owner.equals(Files.class.getName()) && !HARMLESS.contains(call.getName());
				boolean channel = owner.startsWith("java.nio.channels.") && call.getName().equals("open");
				return files || channel;
			}

		})
		.orShould()
		.dependOnClassesThat()
		.belongToAnyOf(RandomAccessFile.class, FileInputStream.class, FileOutputStream.class, FileReader.class,
				FileWriter.class);

	@ArchTest
	static final ArchRule everyPackageIsNullMarked = classes()
		.should(new ArchCondition<>("be in a null-marked package") {

			@Override
			public void check(JavaClass item, ConditionEvents events) {
				boolean nullMarked = item.getPackage().isAnnotatedWith(NullMarked.class);
				events.add(new SimpleConditionEvent(item, nullMarked,
						item.getPackageName() + " has no @NullMarked package-info: " + item.getSimpleName()));
			}

		});

	private static String internal(String room) {
		return "io.observability.internal." + room;
	}

	private static PackageRule only(String packageIdentifier) {
		return new PackageRule(packageIdentifier);
	}

	private record PackageRule(String packageIdentifier) {

		ArchRule mayUse(String... others) {
			return classes().that()
				.resideInAPackage(this.packageIdentifier)
				.should()
				.onlyDependOnClassesThat()
				.resideInAnyPackage(allowed(others))
				.allowEmptyShould(true);
		}

		private String[] allowed(String... others) {
			return Stream.of(EVERYWHERE, others, new String[] { this.packageIdentifier })
				.flatMap(Stream::of)
				.toArray(String[]::new);
		}

	}

}
