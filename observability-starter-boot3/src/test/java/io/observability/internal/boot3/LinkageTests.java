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

package io.observability.internal.boot3;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter's classes are compiled with Boot 4. Everything that they name of libraries
 * is there in those of Boot 3.5 too.
 */
class LinkageTests {

	private static final String BOOT_4 = "io.observability.internal.boot4";

	/** Newer compilers name an interface as the owner of these. */
	private static final Set<String> OF_ALL_OBJECTS = Stream.of(Object.class.getMethods())
		.map(Method::getName)
		.collect(Collectors.toSet());

	@Test
	void everythingButThePackageForBoot4IsLinked() {
		Set<String> missing = new TreeSet<>();
		Set<String> missingOfBoot4 = new TreeSet<>();
		for (JavaClass type : new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.withImportOption((location) -> !location.contains("-tests.jar"))
			.importPackages("io.observability")) {
			addMissing(type, type.getPackageName().equals(BOOT_4) ? missingOfBoot4 : missing);
		}
		assertThat(missing).isEmpty();
		assertThat(missingOfBoot4).isNotEmpty();
	}

	private static void addMissing(JavaClass type, Set<String> missing) {
		for (JavaAccess<?> access : type.getAccessesFromSelf()) {
			if (isLibrary(access.getTargetOwner()) && access.getTarget().resolveMember().isEmpty()
					&& !OF_ALL_OBJECTS.contains(access.getTarget().getName())) {
				missing.add(access.getTarget().getFullName() + " in " + type.getName());
			}
		}
		for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
			JavaClass target = dependency.getTargetClass().getBaseComponentType();
			if (isLibrary(target) && !ClassUtils.isPresent(target.getName(), LinkageTests.class.getClassLoader())) {
				missing.add(target.getName() + " in " + type.getName());
			}
		}
	}

	private static boolean isLibrary(JavaClass type) {
		return !type.isArray() && !type.isPrimitive() && !type.getPackageName().startsWith("java.")
				&& !type.getPackageName().startsWith("io.observability");
	}

}
