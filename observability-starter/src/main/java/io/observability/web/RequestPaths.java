package io.observability.web;

import java.util.List;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Which requests are recorded, by their path within the application.
 *
 * @param included patterns of the paths that are recorded, none for all
 * @param excluded patterns of those among them that are not
 */
public record RequestPaths(List<PathPattern> included, List<PathPattern> excluded) {

	/**
	 * Copies the lists.
	 */
	public RequestPaths {
		included = List.copyOf(included);
		excluded = List.copyOf(excluded);
	}

	/** Whether a request is recorded whose path nothing has parsed yet. */
	boolean includes(String path, String contextPath) {
		if (this.included.isEmpty() && this.excluded.isEmpty()) {
			return true;
		}
		try {
			return includes(PathContainer
				.parsePath(path.startsWith(contextPath) ? path.substring(contextPath.length()) : path));
		}
		catch (IllegalArgumentException ex) {
			// It is for the application to refuse a path that can't be decoded.
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
