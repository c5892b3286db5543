package dev.stockpot.merge.storage.hadoop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The wire between S3A and its server: writes down each request and breaks what it is told to
 * break. It understands just enough of HTTP/1.1 for that.
 */
public final class S3Wire implements AutoCloseable {
  /** What happens to a request. */
  public enum Fault {
    /** The server does what it was asked for; nobody hears of it. */
    LOSE_ANSWER,
    /** The connection breaks after a part of the answer. */
    CUT_ANSWER,
    /** The answer does not say which version of the object it is about. */
    NO_ENTITY_TAG,
    /** The server never sees it, and the answer is 503. */
    SLOW_DOWN,
    /** The server never sees it, and the connection breaks. */
    RESET,
    /** The server never sees it, and no answer comes until {@link #forget}. */
    HANG,
    /** The server sees it late. */
    DELAY,
    /** The connection breaks when a part of the request has passed. */
    CUT_REQUEST
  }

  private static final int CUT_BYTES = 100_000;
  private static final int DELAY_MILLIS = 300;
  private static final byte[] SLOW_DOWN =
      String.join(
              "\r\n",
              List.of("HTTP/1.1 503 Slow Down", "Connection: close", "Content-Length: 0", "", ""))
          .getBytes(ISO_8859_1);

  private final int server;
  private final ServerSocket socket;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Socket> hanging = new CopyOnWriteArrayList<>();

  private record Rule(Predicate<String> request, Fault fault, AtomicInteger left) {}

  S3Wire(int server) throws IOException {
    this.server = server;
    this.socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Method and target of each request since the last {@link #forget}. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  void forget() {
    requests.clear();
    rules.clear();
    for (Socket connection : hanging) {
      try {
        connection.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    hanging.clear();
  }

  /** Breaks the next requests of that kind. */
  void breaks(Predicate<String> request, Fault fault, int times) {
    rules.add(new Rule(request, fault, new AtomicInteger(times)));
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) { // a connection ended, as connections do
                return;
              }
            },
            "wire-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = socket.accept();
      client.setTcpNoDelay(true);
      Connection connection =
          new Connection(client, new Socket(InetAddress.getLoopbackAddress(), server));
      start("requests", connection::requests);
      start("answers", connection::answers);
    }
  }

  private Fault fault(String request) {
    for (Rule rule : rules) {
      if (rule.request().test(request) && rule.left().getAndDecrement() > 0) {
        return rule.fault();
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private final class Connection {
    private final Socket client;
    private final Socket upstream;
    private volatile Fault fault;

    Connection(Socket client, Socket upstream) throws IOException {
      this.client = client;
      this.upstream = upstream;
      upstream.setTcpNoDelay(true);
    }

    void requests() throws IOException {
      try (client;
          upstream) {
        InputStream in = new BufferedInputStream(client.getInputStream(), 1 << 16);
        OutputStream out = upstream.getOutputStream();
        for (String head = head(in); !head.isEmpty(); head = head(in)) {
          String request = head.substring(0, head.indexOf(" HTTP/"));
          requests.add(request);
          fault = fault(request);
          if (fault == Fault.SLOW_DOWN) {
            client.getOutputStream().write(SLOW_DOWN);
            client.getOutputStream().flush();
            return;
          }
          if (fault == Fault.RESET) {
            return;
          }
          if (fault == Fault.HANG) {
            hanging.add(client);
            in.transferTo(OutputStream.nullOutputStream());
            return;
          }
          if (fault == Fault.DELAY) {
            delay();
          }
          out.write(head.getBytes(ISO_8859_1));
          long length = contentLength(head);
          if (fault == Fault.CUT_REQUEST) {
            copy(in, out, Math.min(CUT_BYTES, length));
            return;
          }
          copy(in, out, length);
          out.flush();
        }
      }
    }

    private static void delay() throws IOException {
      try {
        Thread.sleep(DELAY_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    private static String head(InputStream in) throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      int matched = 0;
      while (matched < 4) {
        int next = in.read();
        if (next < 0) {
          return "";
        }
        head.write(next);
        matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
      }
      return head.toString(ISO_8859_1);
    }

    private static long contentLength(String head) {
      return head.lines()
          .map(line -> line.toLowerCase(Locale.ROOT))
          .filter(line -> line.startsWith("content-length:"))
          .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
          .findFirst()
          .orElse(0);
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
      byte[] buffer = new byte[1 << 16];
      long left = length;
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new IOException("the client ended");
        }
        out.write(buffer, 0, count);
        left -= count;
      }
    }

    void answers() throws IOException {
      try (client;
          upstream) {
        InputStream in = upstream.getInputStream();
        OutputStream out = client.getOutputStream();
        byte[] buffer = new byte[1 << 16];
        long passed = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          boolean goOn = new String(buffer, 0, Math.min(count, 12), ISO_8859_1).endsWith(" 100");
          if (fault == Fault.LOSE_ANSWER && !goOn) {
            return;
          }
          if (fault == Fault.NO_ENTITY_TAG) {
            hideEntityTag(buffer, count);
          }
          out.write(buffer, 0, count);
          out.flush();
          passed = fault == Fault.CUT_ANSWER ? passed + count : 0;
          if (passed > CUT_BYTES) {
            return;
          }
        }
      }
    }

    private static void hideEntityTag(byte[] answer, int count) {
      String text = new String(answer, 0, count, ISO_8859_1);
      int name = text.indexOf("\r\nETag:");
      if (text.startsWith("HTTP/") && name >= 0) {
        answer[name + 2] = 'X';
      }
    }
  }
}
