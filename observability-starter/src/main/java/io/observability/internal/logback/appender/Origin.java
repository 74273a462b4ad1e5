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

package io.observability.internal.logback.appender;

/**
 * The process that has logged an event.
 *
 * @param instance name of its instance
 * @param pid its process id
 */
public record Origin(String instance, long pid) {

	/** Name of the property of a logger context, and of its events, for the instance. */
	public static final String INSTANCE_PROPERTY = "observability.instance";

	/** The same for the process id. */
	public static final String PID_PROPERTY = "observability.pid";

}
