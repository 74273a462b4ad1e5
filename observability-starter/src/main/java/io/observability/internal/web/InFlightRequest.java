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

package io.observability.internal.web;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * One request from its arrival to its end.
 * <p>
 * Protocol. A request is unrouted, then routed, then ended; it may skip the state routed.
 * Threads may race for each transition, because an asynchronous request ends on another
 * thread. Each transition is one atomic operation, which one thread wins. The number of
 * requests in progress is incremented before the transition to routed, and decremented
 * again by a thread that loses it. The winner of the transition to ended decrements it if
 * the request was routed, and records the request.
 */
final class InFlightRequest {

	/** Name of the request attribute that holds this object. */
	static final String ATTRIBUTE = InFlightRequest.class.getName();

	private static final Route ENDED = new Route("", false, new AtomicInteger());

	private final HttpMeters meters;

	private final String method;

	private final long start;

	private final AtomicReference<@Nullable Route> route = new AtomicReference<>();

	InFlightRequest(HttpMeters meters, String method) {
		this.meters = meters;
		this.method = HttpMeters.method(method);
		this.start = meters.now();
	}

	/**
	 * Sets the route. Only the first call counts: a forward does not change the route.
	 * @param endpoint the route template, or {@link HttpMeters#UNMATCHED} for a handler
	 * that was not chosen by the path
	 * @param resource whether the handler serves files, and so matches paths that don't
	 * exist
	 */
	void routed(String endpoint, boolean resource) {
		if (this.route.get() != null) {
			return;
		}
		try {
			AtomicInteger inProgress = this.meters.inProgress(this.method, endpoint);
			inProgress.incrementAndGet();
			if (!this.route.compareAndSet(null, new Route(endpoint, resource, inProgress))) {
				inProgress.decrementAndGet();
			}
		}
		catch (RuntimeException ex) {
			this.meters.failed(ex);
		}
	}

	void ended(int status) {
		Route last = this.route.getAndSet(ENDED);
		if (ENDED.equals(last)) {
			return;
		}
		if (last != null) {
			last.inProgress().decrementAndGet();
		}
		try {
			String endpoint = (last != null) ? last.endpoint(status) : HttpMeters.UNMATCHED;
			this.meters.record(this.method, endpoint, status, this.meters.now() - this.start);
		}
		catch (RuntimeException ex) {
			this.meters.failed(ex);
		}
	}

	private record Route(String endpoint, boolean resource, AtomicInteger inProgress) {

		private static final int NOT_FOUND = 404;

		private static final int METHOD_NOT_ALLOWED = 405;

		String endpoint(int status) {
			return (this.resource && (status == NOT_FOUND || status == METHOD_NOT_ALLOWED)) ? HttpMeters.UNMATCHED
					: this.endpoint;
		}

	}

}
