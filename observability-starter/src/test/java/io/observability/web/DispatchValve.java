package io.observability.web;

import java.io.IOException;
import java.util.function.Supplier;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Tells when the container's thread has come back from all filters.
 */
class DispatchValve extends ValveBase {

	private final Supplier<Gate> gate;

	DispatchValve(Supplier<Gate> gate) {
		super(true);
		this.gate = gate;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		try {
			getNext().invoke(request, response);
		}
		finally {
			this.gate.get().dispatched();
		}
	}

}
