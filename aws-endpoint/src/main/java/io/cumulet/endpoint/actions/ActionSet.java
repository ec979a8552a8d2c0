package io.cumulet.endpoint.actions;

/** The actions of one subject; a CDI bean. */
@FunctionalInterface
public interface ActionSet {
    void addTo(Actions actions);
}
