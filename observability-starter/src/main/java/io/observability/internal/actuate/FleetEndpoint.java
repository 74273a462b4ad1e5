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

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * The fleet endpoint: shows the instances and the contents of the shared folder.
 */
@Endpoint(id = "fleet")
public final class FleetEndpoint {

	private final FleetObserver observer;

	/**
	 * Creates the endpoint.
	 * @param observer reads the state of the fleet
	 */
	public FleetEndpoint(FleetObserver observer) {
		this.observer = observer;
	}

	/**
	 * Returns the state of the fleet. The formats must equal those of
	 * {@link FleetEndpointWebExtension}: by them Boot recognises that the extension
	 * replaces this operation over HTTP.
	 * @return the current state
	 */
	@ReadOperation(producesFrom = FleetFormat.class)
	public Fleet fleet() {
		return this.observer.observe();
	}

}
