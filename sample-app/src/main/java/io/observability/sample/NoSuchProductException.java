package io.observability.sample;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/**
 * The shop doesn't sell that.
 */
@ResponseStatus(HttpStatus.NOT_FOUND)
class NoSuchProductException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	NoSuchProductException(String id) {
		super("no such product: id=" + id);
	}

}
