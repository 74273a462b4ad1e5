package io.observability.actuate;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Tells of the fleet: who is there, and what is in the shared folder.
 */
@Endpoint(id = "fleet")
public final class FleetEndpoint {

	private final FleetObserver observer;

	/**
	 * Creates the endpoint.
	 * @param observer looks at the fleet
	 */
	public FleetEndpoint(FleetObserver observer) {
		this.observer = observer;
	}

	/**
	 * Reads the state of the fleet. The formats are those of
	 * {@link FleetEndpointWebExtension}, which answers in its place over HTTP: Boot knows
	 * by them that the two are one operation.
	 * @return the state as it is now
	 */
	@ReadOperation(producesFrom = FleetFormat.class)
	public Fleet fleet() {
		return this.observer.observe();
	}

}
