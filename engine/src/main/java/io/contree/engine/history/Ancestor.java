package io.contree.engine.history;

import java.util.UUID;

/**
 * A state on the road by which a project came to an image.
 *
 * @param steps how far back it is: fewer than were asked for if the road begins there
 */
public record Ancestor(UUID image, int steps) {}
