"""Keys of sources out of Airflow's connections. A variable that holds ``connection:ID`` leaves its key to one."""

from __future__ import annotations

import os


def look_up(source: str) -> None:
    """Put the keys of a source that are kept in connections into the environment of this process, and of no other.

    Raises:
        AirflowNotFoundException: a connection is not there or has no password; the message names the variable.
    """
    from gonggo.sources.catalogue import get_site, key_names, keys_in_connections

    for variable, connection in keys_in_connections(key_names(get_site(source)), os.environ).items():
        os.environ[variable] = _password(variable, connection)


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
