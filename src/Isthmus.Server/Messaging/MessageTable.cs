// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>The table of messages that wait for their recipients, and of those that do not any more, for as long as their senders may repeat them.</summary>
internal static class MessageTable
{
    /// <summary>Its definition, since the fifth schema.</summary>
    public const string Definition =
        """
        CREATE TABLE message (
            id       INTEGER PRIMARY KEY,
            aor      TEXT NOT NULL,
            sender   TEXT NOT NULL,
            call_id  TEXT NOT NULL,
            cseq     INTEGER NOT NULL,
            from_tag TEXT NOT NULL,
            received INTEGER NOT NULL,
            expires  INTEGER NOT NULL,
            type     TEXT NOT NULL,
            size     INTEGER NOT NULL,
            refusals INTEGER NOT NULL DEFAULT 0,
            over     INTEGER,
            request  BLOB,
            UNIQUE (aor, call_id, cseq, from_tag)
        ) STRICT;
        CREATE INDEX message_over ON message (over) WHERE over IS NOT NULL;
        """;
}
