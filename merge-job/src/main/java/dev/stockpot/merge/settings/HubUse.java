package dev.stockpot.merge.settings;

/** What names of a hub's models may lead to. */
public enum HubUse {
  /** To its cache, else to the hub. */
  NETWORK,
  /** To its cache alone. */
  CACHE,
  /** To nothing: every name is a folder. */
  OFF;

  /** How people write it. */
  public String word() {
    return Setting.word(this);
  }
}
