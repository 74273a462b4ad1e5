package io.observability;

import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The arrows between the packages: each may use itself and what is listed here, nothing
 * else.
 */
@AnalyzeClasses(packages = "io.observability", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String[] EVERYWHERE = { "java..", "org.jspecify.annotations.." };

	private static final String MEMORY = "io.observability.memory..";

	private static final String INSTANCE = "io.observability.instance..";

	private static final String STORE = "io.observability.store..";

	private static final String LOGQUEUE = "io.observability.logqueue..";

	private static final String REGISTRY = "io.observability.registry..";

	private static final String MERGE = "io.observability.merge..";

	private static final String LOGBACK = "io.observability.logback..";

	private static final String WEB = "io.observability.web..";

	private static final String ACTUATE = "io.observability.actuate..";

	private static final String AUTOCONFIGURE = "io.observability.autoconfigure..";

	private static final String MICROMETER = "io.micrometer..";

	private static final String PROMETHEUS_CLIENT = "io.prometheus.metrics..";

	@ArchTest
	static final ArchRule memory = only(MEMORY).mayUse();

	@ArchTest
	static final ArchRule instance = only(INSTANCE).mayUse(MEMORY);

	@ArchTest
	static final ArchRule store = only(STORE).mayUse(MEMORY, INSTANCE);

	@ArchTest
	static final ArchRule logqueue = only(LOGQUEUE).mayUse(MEMORY, INSTANCE);

	@ArchTest
	static final ArchRule registry = only(REGISTRY).mayUse(STORE, MICROMETER, PROMETHEUS_CLIENT);

	@ArchTest
	static final ArchRule merge = only(MERGE).mayUse(STORE, "io.prometheus.metrics.model..");

	@ArchTest
	static final ArchRule logback = only(LOGBACK).mayUse(LOGQUEUE, INSTANCE, "ch.qos.logback..", "org.slf4j..");

	@ArchTest
	static final ArchRule web = only(WEB).mayUse(MICROMETER, "jakarta.servlet..", "org.springframework.web..",
			"org.springframework.context..", "org.springframework.http..", "org.springframework.core..",
			"org.springframework.util..", "reactor..", "org.reactivestreams..");

	@ArchTest
	static final ArchRule actuate = only(ACTUATE).mayUse(MERGE, STORE, LOGQUEUE, INSTANCE, MICROMETER,
			PROMETHEUS_CLIENT, "org.springframework.boot.actuate..", "org.springframework.boot.health..",
			"org.springframework.boot.micrometer.metrics..", "org.springframework.util..");

	@ArchTest
	static final ArchRule everyClassIsInOneOfThesePackages = classes().should()
		.resideInAnyPackage(MEMORY, INSTANCE, STORE, LOGQUEUE, REGISTRY, MERGE, LOGBACK, WEB, ACTUATE, AUTOCONFIGURE);

	@ArchTest
	static final ArchRule nothingUsesAutoconfigure = classes().that()
		.resideInAPackage(AUTOCONFIGURE)
		.should()
		.onlyHaveDependentClassesThat()
		.resideInAPackage(AUTOCONFIGURE);

	@ArchTest
	static final ArchRule packagesFormNoCycle = slices().matching("io.observability.(*)..").should().beFreeOfCycles();

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
