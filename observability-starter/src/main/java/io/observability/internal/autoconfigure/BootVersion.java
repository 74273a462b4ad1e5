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

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;
import org.springframework.util.ClassUtils;

/**
 * The application's version of Spring Boot, and whether it has the starter's artifact for
 * it.
 *
 * @param version as Boot states it, or null if it doesn't
 * @param hasBoot3Artifact whether {@code observability-starter-boot3} is on the class
 * path
 */
record BootVersion(@Nullable String version, boolean hasBoot3Artifact) {

	private static final String STARTER = "observability-starter";

	private static final String BOOT_3_STARTER = "observability-starter-boot3";

	private static final String BOOT_3_CLASS = "io.observability.internal.boot3.ScrapeEndpointAutoConfiguration";

	private static final int BOOT_4 = 4;

	/** Returns those of this application. */
	static BootVersion ofApplication() {
		return new BootVersion(SpringBootVersion.getVersion(),
				ClassUtils.isPresent(BOOT_3_CLASS, BootVersion.class.getClassLoader()));
	}

	/** Returns what is wrong with them, or null if they fit. */
	@Nullable UnsupportedBootVersionException problem() {
		if (isAtLeast4()) {
			return this.hasBoot3Artifact ? wrongArtifact(BOOT_3_STARTER, "3.5", STARTER) : null;
		}
		if (is35()) {
			return this.hasBoot3Artifact ? null : wrongArtifact(STARTER, "4.0 and later", BOOT_3_STARTER);
		}
		return new UnsupportedBootVersionException(
				"%s needs Spring Boot 3.5, or 4.0 and later. The application has Spring Boot %s.".formatted(STARTER,
						this.version),
				"Update Spring Boot to 3.5 and depend on io.observability:%s, or to 4.0 or later and depend on io.observability:%s."
					.formatted(BOOT_3_STARTER, STARTER));
	}

	private UnsupportedBootVersionException wrongArtifact(String artifact, String versions, String right) {
		return new UnsupportedBootVersionException(
				"%s is for Spring Boot %s. The application has Spring Boot %s.".formatted(artifact, versions,
						this.version),
				"Depend on io.observability:%s instead of io.observability:%s.".formatted(right, artifact));
	}

	private boolean is35() {
		return this.version != null && this.version.startsWith("3.5.");
	}

	private boolean isAtLeast4() {
		if (this.version == null) {
			return false;
		}
		int end = this.version.indexOf('.');
		return end > 0 && Integer.parseInt(this.version, 0, end, 10) >= BOOT_4;
	}

}
