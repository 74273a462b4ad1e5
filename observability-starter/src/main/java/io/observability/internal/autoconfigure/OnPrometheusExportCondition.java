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

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether Boot would export metrics to Prometheus. Boot's own annotation for this has
 * moved in Boot 4, and an annotation that is not found is ignored.
 */
class OnPrometheusExportCondition extends SpringBootCondition {

	private static final String PROPERTY = "management.prometheus.metrics.export.enabled";

	private static final String DEFAULTS_PROPERTY = "management.defaults.metrics.export.enabled";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		String property = environment.containsProperty(PROPERTY) ? PROPERTY : DEFAULTS_PROPERTY;
		boolean enabled = environment.getProperty(property, Boolean.class, true);
		return new ConditionOutcome(enabled,
				ConditionMessage.forCondition("Prometheus export").because(property + "=" + enabled));
	}

}
