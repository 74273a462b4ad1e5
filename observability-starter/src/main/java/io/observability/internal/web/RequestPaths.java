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

import java.util.List;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;

/**
 * The requests that are recorded, by their path within the application.
 *
 * @param included patterns of the recorded paths; if there are none, all are recorded
 * @param excluded patterns of the paths that are not recorded, even if they are included
 */
public record RequestPaths(List<PathPattern> included, List<PathPattern> excluded) {

	/**
	 * Copies the lists.
	 */
	public RequestPaths {
		included = List.copyOf(included);
		excluded = List.copyOf(excluded);
	}

	/** Returns whether a request with an unparsed path is recorded. */
	boolean includes(String path, String contextPath) {
		if (this.included.isEmpty() && this.excluded.isEmpty()) {
			return true;
		}
		try {
			return includes(PathContainer
				.parsePath(path.startsWith(contextPath) ? path.substring(contextPath.length()) : path));
		}
		catch (IllegalArgumentException ex) {
			// The application decides about a path that can't be decoded.
			return true;
		}
	}

	boolean includes(PathContainer path) {
		return (this.included.isEmpty() || matches(this.included, path)) && !matches(this.excluded, path);
	}

	private static boolean matches(List<PathPattern> patterns, PathContainer path) {
		for (PathPattern pattern : patterns) {
			if (pattern.matches(path)) {
				return true;
			}
		}
		return false;
	}

}
