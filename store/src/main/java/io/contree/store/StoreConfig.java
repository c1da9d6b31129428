package io.contree.store;

import io.contree.linux.IdMapping;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of a store.
 *
 * @param data the data directory, made when missing
 * @param mapping ids of checkouts; empty runs without user namespace
 * @param allowPrivateRegistries whether a registry may be on a private or link-local address; loopback always may
 */
public record StoreConfig(Path data, Optional<IdMapping> mapping, boolean allowPrivateRegistries) {}
