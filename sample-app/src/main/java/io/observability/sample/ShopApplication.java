package io.observability.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * One process of the shop: on its own, or as a worker of a {@link Fleet}.
 */
@SpringBootApplication
class ShopApplication {

	/** System property that the launcher sets for its workers. */
	static final String WORKER = "shop.worker";

	public static void main(String[] args) {
		if (Boolean.getBoolean(WORKER)) {
			Thread thread = new Thread(ShopApplication::endWithLauncher, "launcher-watch");
			thread.setDaemon(true);
			thread.start();
		}
		SpringApplication.run(ShopApplication.class, args);
	}

	/** The launcher holds the other end of the standard input, until it is gone. */
	private static void endWithLauncher() {
		try {
			System.in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			System.exit(0);
		}
	}

}
