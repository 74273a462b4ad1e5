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

package io.observability.internal.actuate;

import org.springframework.boot.actuate.endpoint.Producible;
import org.springframework.util.MimeType;

/**
 * Formats of the fleet endpoint. The last one that the client accepts is used: a browser,
 * which accepts everything but names HTML, gets the page.
 */
enum FleetFormat implements Producible<FleetFormat> {

	/** JSON, like all endpoints; the default. */
	ACTUATOR_V3("application/vnd.spring-boot.actuator.v3+json"),

	/** JSON, by its name in older versions of Spring Boot. */
	ACTUATOR_V2("application/vnd.spring-boot.actuator.v2+json"),

	/** JSON, by its common name. */
	JSON("application/json"),

	/** The page. */
	HTML("text/html;charset=UTF-8");

	private final String mimeType;

	FleetFormat(String mimeType) {
		this.mimeType = mimeType;
	}

	@Override
	public MimeType getProducedMimeType() {
		return MimeType.valueOf(this.mimeType);
	}

	@Override
	public boolean isDefault() {
		return this == ACTUATOR_V3;
	}

}
