// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Storing;

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

    /// <summary>The column that the eighth schema added: whether the server did not believe the sender to be who he said.</summary>
    public const string OfStranger = "ALTER TABLE message ADD COLUMN of_stranger INTEGER NOT NULL DEFAULT 0;";

    /// <summary>Adds a message.</summary>
    public static void Add(StoreConnection store, StoredMessage message, ReadOnlySpan<byte> request) =>
        store.Statement("INSERT OR REPLACE INTO message (id, aor, sender, call_id, cseq, from_tag, received, expires, type, size, request, refusals, of_stranger) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")
            .Bind(1, message.Id).BindText(2, message.Aor).BindText(3, message.Sender).BindText(4, message.CallId).Bind(5, message.CSeq).BindText(6, message.FromTag)
            .Bind(7, message.Received).Bind(8, message.Expires).BindText(9, message.Type).Bind(10, message.Size).BindBlob(11, request).Bind(12, message.Refusals)
            .Bind(13, message.IsOfStranger ? 1 : 0).Run();

    /// <summary>The request as it came; null when it is not there.</summary>
    public static byte[]? Read(StoreConnection store, long id)
    {
        SqliteStatement select = store.Statement("SELECT request FROM message WHERE id = ?1 AND over IS NULL").Bind(1, id);
        byte[]? request = select.Read() ? select.Octets(0).ToArray() : null;
        select.Reset();
        return request;
    }

    /// <summary>A message waits no more; what tells its repetition stays.</summary>
    public static void End(StoreConnection store, long id, long now) =>
        store.Statement("UPDATE message SET over = ?2, request = NULL WHERE id = ?1").Bind(1, id).Bind(2, now).Run();

    /// <summary>So many attempts were answered without the message being taken.</summary>
    public static void SetRefusals(StoreConnection store, long id, int refusals) =>
        store.Statement("UPDATE message SET refusals = ?2 WHERE id = ?1").Bind(1, id).Bind(2, refusals).Run();

    /// <summary>Forgets the messages that were over by then.</summary>
    public static void Forget(StoreConnection store, long before) => store.Statement("DELETE FROM message WHERE over < ?1").Bind(1, before).Run();

    /// <summary>Every message in the order in which they came, and since when it has been over, if it is.</summary>
    public static IEnumerable<(StoredMessage Message, long? Over)> All(StoreConnection store, MessageKeys keys)
    {
        SqliteStatement select = store.Statement("SELECT id, aor, sender, call_id, cseq, from_tag, received, expires, type, size, refusals, of_stranger, over FROM message ORDER BY id");
        while (select.Read())
        {
            (string aor, string callId, uint cseq, string fromTag) = (select.Text(1), select.Text(3), (uint)select.Integer(4), select.Text(5));
            var message = new StoredMessage
            {
                Id = select.Integer(0),
                Key = keys.Of(aor, callId, cseq, fromTag),
                Aor = aor,
                Sender = select.Text(2),
                CallId = callId,
                CSeq = cseq,
                FromTag = fromTag,
                Received = select.Integer(6),
                Expires = select.Integer(7),
                Type = select.Text(8),
                Size = (int)select.Integer(9),
                Refusals = (int)select.Integer(10),
                IsOfStranger = select.Integer(11) != 0,
                State = MessageState.Waiting,
            };
            yield return (message, select.IsNull(12) ? null : select.Integer(12));
        }
    }
}
