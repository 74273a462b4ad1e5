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

package io.observability.sample.boot3;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.embedded.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * The sample's class of this name for Boot 3.5, which has Jetty's factory in another
 * package.
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
