"""API keys of sources from Airflow's connections, where the variable of a key holds ``connection:ID``."""

from __future__ import annotations

import os


def api_keys(source: str) -> dict[str, str]:
    """Return the keys of a source that are kept in connections, by the variable that refers to each.

    Raises:
        AirflowNotFoundException: A connection does not exist or has no password; the message names the variable.
    """
    from gonggo.sources.catalogue import get_site, key_names, keys_in_connections

    connections = keys_in_connections(key_names(get_site(source)), os.environ)
    return {variable: _password(variable, connection) for variable, connection in connections.items()}


def _password(variable: str, connection: str) -> str:
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        password = Connection.get(connection).password
    except AirflowNotFoundException:
        password = None
    if not password:
        raise AirflowNotFoundException(
            f"{variable} leaves its key to the connection {connection!r}, which Airflow does not have, or which has no "
            f"password. Add it (its password is the key), or put the key into {variable} itself."
        )
    return str(password)
