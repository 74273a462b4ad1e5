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

import java.io.IOException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * The fleet endpoint over HTTP: JSON, or a page for browsers, and the data that the page
 * polls.
 */
@EndpointWebExtension(endpoint = FleetEndpoint.class)
@SuppressWarnings("deprecation") // Boot 3.5 takes a parameter for optional by Spring's
									// own annotation alone
public final class FleetEndpointWebExtension {

	private static final String LIVE = "live";

	private final FleetEndpoint endpoint;

	private final LiveFleetReader live;

	/**
	 * Creates the extension.
	 * @param endpoint the endpoint to extend
	 * @param live reads the data that the page polls
	 */
	public FleetEndpointWebExtension(FleetEndpoint endpoint, LiveFleetReader live) {
		this.endpoint = endpoint;
		this.live = live;
	}

	/**
	 * Returns the state of the fleet.
	 * @param format that the client accepts
	 * @param file name of a file of the page, or null
	 * @return the current state, or the page that shows it, or the file
	 * @throws IOException if the page is not on the class path
	 */
	@ReadOperation(producesFrom = FleetFormat.class)
	public WebEndpointResponse<Object> fleet(FleetFormat format,
			@org.springframework.lang.Nullable @Nullable String file) throws IOException {
		if (file != null) {
			PageFile found = FleetPage.file(file);
			return (found != null) ? new WebEndpointResponse<>(found.content(), found.type())
					: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		return (format == FleetFormat.HTML) ? new WebEndpointResponse<>(FleetPage.html(), format)
				: new WebEndpointResponse<>(this.endpoint.fleet());
	}

	/**
	 * Returns the data that the page shows.
	 * @param part {@code live}, the only part
	 * @param log the position up to which the page has the log, or null
	 * @return the data, or null if there is no such part
	 */
	@ReadOperation
	public @Nullable LiveFleet live(@Selector String part, @org.springframework.lang.Nullable @Nullable String log) {
		return part.equals(LIVE) ? this.live.read(log) : null;
	}

}
