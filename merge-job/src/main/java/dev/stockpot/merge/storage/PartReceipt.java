package dev.stockpot.merge.storage;

import java.io.Serializable;

/**
 * Proof that a part was uploaded.
 *
 * @param handle what the store wants to see on completion; empty where it wants nothing
 */
public record PartReceipt(PartTicket ticket, String handle) implements Serializable {}
