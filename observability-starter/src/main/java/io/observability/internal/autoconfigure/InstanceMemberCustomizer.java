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

import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Adds the instance id to structured log events, under the name of the metrics' instance
 * label. Boot's formats already have the process id.
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
			new InstanceMember(this.environment.getProperty("observability.instance.label", "instance_id"))
				.addTo(members);
		}
	}

}
