package dev.stockpot.merge.hub;

import java.io.IOException;

/** Where the bytes of one file are. */
interface FileAddresses {
  SignedLocation now() throws IOException;

  /**
   * Another one, after that one was refused.
   *
   * @throws IOException if there is none
   */
  SignedLocation insteadOf(SignedLocation refused) throws IOException;
}
