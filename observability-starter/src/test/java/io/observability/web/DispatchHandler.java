package io.observability.web;

import java.util.function.Supplier;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Does for Jetty what {@link DispatchValve} does for Tomcat.
 */
class DispatchHandler extends Handler.Wrapper {

	private final Supplier<? extends Gate> gate;

	DispatchHandler(Handler handler, Supplier<? extends Gate> gate) {
		super(handler);
		this.gate = gate;
	}

	@Override
	public boolean handle(Request request, Response response, Callback callback) throws Exception {
		try {
			return super.handle(request, response, callback);
		}
		finally {
			this.gate.get().dispatched();
		}
	}

}
