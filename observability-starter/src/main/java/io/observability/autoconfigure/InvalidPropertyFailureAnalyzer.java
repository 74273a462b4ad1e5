package io.observability.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says what to do about a property whose value makes no sense. Asked before Boot's own
 * analyzer of binding failures, which would tell the same without the remedy.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPropertyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidPropertyException cause) {
		return new FailureAnalysis(
				"The value of the property '%s' is not valid: '%s'.".formatted(cause.getProperty(), cause.getValue()),
				cause.getRemedy(), cause);
	}

}
