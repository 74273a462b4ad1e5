package io.observability.sample;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Lets the workers answer on one port: each listens on it, by SO_REUSEPORT, and the
 * kernel deals the connections out.
 */
@Component
@ConditionalOnProperty("shop.shared-port")
class SharedPort implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

	private final int port;

	SharedPort(@Value("${shop.shared-port}") int port) {
		this.port = port;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		factory.addServerCustomizers(this::addConnector);
	}

	private void addConnector(Server server) {
		ServerConnector connector = new ServerConnector(server);
		connector.setReusePort(true);
		connector.setPort(this.port);
		server.addConnector(connector);
	}

}
