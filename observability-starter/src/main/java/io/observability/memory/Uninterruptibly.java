package io.observability.memory;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Runs operations on file channels in threads of the application, which may be
 * interrupted: an interrupt would close the channel in the middle of the operation, or
 * before it.
 */
public final class Uninterruptibly {

	private Uninterruptibly() {
	}

	/**
	 * Runs an operation to its end, and interrupts the thread afterwards if somebody
	 * wanted that before or meanwhile.
	 * @param <T> what it returns
	 * @param operation opens its own channel; is run again if an interrupt has closed it
	 * @return what the operation returns
	 * @throws IOException if the operation does
	 */
	public static <T> T call(Operation<T> operation) throws IOException {
		boolean interrupted = Thread.interrupted();
		try {
			while (true) {
				try {
					return operation.run();
				}
				catch (ClosedByInterruptException ex) {
					// The exception leaves the thread interrupted.
					interrupted |= Thread.interrupted();
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * An operation on files.
	 *
	 * @param <T> what it returns
	 */
	@FunctionalInterface
	public interface Operation<T> {

		/**
		 * Runs the operation.
		 * @return its result
		 * @throws IOException if it fails
		 */
		T run() throws IOException;

	}

}
