package dev.stockpot.merge.spark;

import com.codahale.metrics.MetricRegistry;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.metrics.sink.MetricsServlet;
import org.sparkproject.jetty.ee10.servlet.ServletContextHandler;

/**
 * In place of the page of metrics in Spark's UI, where there is no UI: Spark would load a web
 * server for it, a twentieth of the time to the first task, and show it nowhere. Other sinks of
 * metrics are not concerned.
 */
public final class NoMetricsPage extends MetricsServlet {
  /** As Spark makes its sinks. */
  public NoMetricsPage(Properties properties, MetricRegistry registry) {
    super(properties, registry);
  }

  @Override
  public ServletContextHandler[] getHandlers(SparkConf conf) {
    return new ServletContextHandler[0];
  }
}
