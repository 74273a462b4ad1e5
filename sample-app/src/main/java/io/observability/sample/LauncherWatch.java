package io.observability.sample;

import java.io.IOException;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Ends a worker whose launcher is gone, however it went: the pipe between them closes.
 */
@Component
@ConditionalOnProperty("shop.launched")
class LauncherWatch {

	@EventListener
	void ready(ApplicationReadyEvent event) {
		Thread thread = new Thread(() -> endWithLauncher(event.getApplicationContext()), "launcher-watch");
		thread.setDaemon(true);
		thread.start();
	}

	private static void endWithLauncher(ConfigurableApplicationContext context) {
		try {
			while (System.in.read() >= 0) {
				// The launcher says nothing.
			}
		}
		catch (IOException ex) {
			// As good as closed.
		}
		System.exit(SpringApplication.exit(context));
	}

}
