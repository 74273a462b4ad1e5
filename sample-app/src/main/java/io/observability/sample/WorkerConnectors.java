package io.observability.sample;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Lets all workers of a {@link Fleet} listen on {@code server.port}, and each on a port
 * of its own too. The kernel then gives each new connection to one of them. Every answer
 * tells the pid of the process that it comes from.
 */
@Component
@ConditionalOnProperty("shop.own-port")
class WorkerConnectors implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

	private final int ownPort;

	WorkerConnectors(@Value("${shop.own-port}") int ownPort) {
		this.ownPort = ownPort;
	}

	@Override
	public void customize(JettyServletWebServerFactory factory) {
		factory.addServerCustomizers(this::share);
	}

	private void share(Server server) {
		ServerConnector shared = (ServerConnector) server.getConnectors()[0];
		shared.setName("shared");
		shared.setReusePort(true);
		HttpConfiguration http = shared.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
		http.addCustomizer(WorkerConnectors::tellPid);
		ServerConnector own = new ServerConnector(server, new HttpConnectionFactory(http));
		own.setName("own");
		own.setPort(this.ownPort);
		server.addConnector(own);
	}

	private static Request tellPid(Request request, HttpFields.Mutable responseHeaders) {
		responseHeaders.put("X-Pid", ProcessHandle.current().pid());
		return request;
	}

}
