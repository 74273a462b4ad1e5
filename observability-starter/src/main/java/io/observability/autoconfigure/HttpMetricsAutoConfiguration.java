package io.observability.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.observability.web.HttpMetricsFilter;
import io.observability.web.HttpMetricsInterceptor;
import jakarta.servlet.DispatcherType;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.MappedInterceptor;

/**
 * Auto-configuration for the request metrics of servlet applications.
 */
@AutoConfiguration(after = CompositeMeterRegistryAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = { "observability.enabled", "observability.http.enabled" }, matchIfMissing = true)
@EnableConfigurationProperties(HttpMetricsProperties.class)
public final class HttpMetricsAutoConfiguration {

	/** Around Boot's own observation filter, which comes right after. */
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE;

	@Bean
	@ConditionalOnMissingFilterBean
	FilterRegistrationBean<HttpMetricsFilter> httpMetricsFilter(MeterRegistry registry,
			HttpMetricsProperties properties, Environment environment,
			ObjectProvider<WebEndpointProperties> endpoints) {
		HttpMetricsFilter filter = new HttpMetricsFilter(registry, properties.appName(environment),
				properties.bucketBounds(),
				properties.paths(endpoints.getIfAvailable(WebEndpointProperties::new), environment));
		FilterRegistrationBean<HttpMetricsFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setDispatcherTypes(DispatcherType.REQUEST);
		registration.setOrder(ORDER);
		return registration;
	}

	/** A bean of this type is taken up by every handler mapping. */
	@Bean
	MappedInterceptor httpMetricsInterceptor() {
		return new MappedInterceptor(null, new HttpMetricsInterceptor());
	}

}
