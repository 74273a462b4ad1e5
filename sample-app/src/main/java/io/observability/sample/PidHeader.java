package io.observability.sample;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Tells in each answer which process it comes from.
 */
@Component
class PidHeader extends OncePerRequestFilter {

	private static final String PID = Long.toString(ProcessHandle.current().pid());

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		response.setHeader("X-Pid", PID);
		chain.doFilter(request, response);
	}

}
