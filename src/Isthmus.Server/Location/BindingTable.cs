// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Location;

/// <summary>The table of bindings. What is text in SIP stays text, so that the file can be read with any SQLite tool.</summary>
internal sealed class BindingTable(SqliteConnection connection) : IDisposable
{
    /// <summary>Its definition, since the first schema.</summary>
    public const string Definition =
        """
        CREATE TABLE binding (
            id         INTEGER PRIMARY KEY,
            aor        TEXT NOT NULL,
            contact    TEXT NOT NULL,
            version    INTEGER NOT NULL,
            q          REAL NOT NULL,
            expires    INTEGER NOT NULL,
            registered INTEGER NOT NULL,
            call_id    TEXT NOT NULL,
            cseq       INTEGER NOT NULL,
            path       TEXT,
            instance   TEXT,
            reg_id     INTEGER,
            user_agent TEXT,
            redirect   INTEGER NOT NULL,
            transport  INTEGER NOT NULL,
            source     TEXT NOT NULL
        ) STRICT;
        """;

    private const string Columns = "id, aor, contact, version, q, expires, registered, call_id, cseq, path, instance, reg_id, user_agent, redirect, transport, source";

    private readonly SqliteStatement _put = new(connection, $"INSERT OR REPLACE INTO binding ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
    private readonly SqliteStatement _renew = new(connection, "UPDATE binding SET expires = ?2, registered = ?3, cseq = ?4 WHERE id = ?1");
    private readonly SqliteStatement _delete = new(connection, "DELETE FROM binding WHERE id = ?1");
    private readonly SqliteStatement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly SqliteStatement _commit = new(connection, "COMMIT");
    private readonly SqliteStatement _rollback = new(connection, "ROLLBACK");

    /// <summary>Reads every row. False: row <paramref name="bad"/> cannot be read.</summary>
    public bool TryRead(StoredBindings bindings, out long bad)
    {
        using var select = new SqliteStatement(connection, $"SELECT {Columns} FROM binding");
        while (select.Read())
        {
            bad = select.Integer(0);
            if (!TryRead(select, bindings))
            {
                select.Reset();
                return false;
            }
        }

        bad = 0;
        return true;
    }

    /// <summary>Makes the rows of these bindings what the bindings are, all or none.</summary>
    /// <param name="bindings">Which.</param>
    /// <param name="last">What else belongs to it.</param>
    /// <exception cref="SqliteException">None was written.</exception>
    public void Write(ReadOnlySpan<Binding> bindings, SqliteStatement? last = null)
    {
        _begin.Run();
        try
        {
            foreach (Binding binding in bindings)
            {
                Write(binding);
            }

            last?.Run();
            _commit.Run();
        }
        catch (SqliteException)
        {
            RollBack();
            throw;
        }

        foreach (Binding binding in bindings)
        {
            binding.Row = (binding.Row & ~RowState.Waiting) | RowState.Written;
        }
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in (ReadOnlySpan<SqliteStatement>)[_put, _renew, _delete, _begin, _commit, _rollback])
        {
            statement.Dispose();
        }
    }

    private static bool TryRead(SqliteStatement row, StoredBindings bindings)
    {
        ReadOnlySpan<byte> contact = row.Octets(2);
        if (!ContactLayout.TryRead(contact, out _))
        {
            contact = NameAddr.TryParse(contact, out NameAddr? address) ? ContactLayout.Canonical(address) : default; // as an earlier schema wrote it
        }

        ReadOnlySpan<byte> agent = row.Octets(12);
        return IPEndPoint.TryParse(Encoding.UTF8.GetString(row.Octets(15)), out IPEndPoint? source) && bindings.TryPut(
            row.Octets(1),
            new BindingDraft
            {
                Id = row.Integer(0),
                Contact = contact,
                Version = row.Integer(3) == (long)IpVersion.V6 ? IpVersion.V6 : IpVersion.V4,
                Expires = row.Integer(5),
                Registered = row.Integer(6),
                CallId = row.Octets(7),
                CSeq = (uint)row.Integer(8),
                Path = row.Octets(9),
                UserAgent = agent.IsEmpty ? null : bindings.Shared(agent),
                AnnouncesRedirect = row.Integer(13) != 0,
                Transport = (SipTransport)row.Integer(14),
                Source = source,
            },
            RowState.Written);
    }

    private void Write(Binding binding)
    {
        if (binding.Row.HasFlag(RowState.Replaced))
        {
            return; // the row is another one's
        }

        if (binding.Row.HasFlag(RowState.Removed))
        {
            _delete.Bind(1, binding.Id).Run();
        }
        else if (binding.Row.HasFlag(RowState.Written))
        {
            _renew.Bind(1, binding.Id).Bind(2, binding.ExpiresAt).Bind(3, binding.RegisteredAt).Bind(4, binding.CSeq).Run();
        }
        else
        {
            Put(binding);
        }
    }

    private void Put(Binding binding)
    {
        _put.Bind(1, binding.Id).BindText(2, binding.Owner!.Key).BindText(3, binding.ContactOctets).Bind(4, (long)binding.Version).Bind(5, binding.Q)
            .Bind(6, binding.ExpiresAt).Bind(7, binding.RegisteredAt).BindText(8, binding.CallIdOctets).Bind(9, binding.CSeq);
        TextOrNull(10, binding.PathOctets);
        TextOrNull(11, binding.InstanceOctets);
        _ = binding.RegId is { } regId ? _put.Bind(12, regId) : _put.BindNull(12);
        TextOrNull(13, binding.UserAgent is { } agent ? Encoding.UTF8.GetBytes(agent) : []);
        _put.Bind(14, binding.AnnouncesRedirect ? 1 : 0).Bind(15, (long)binding.Transport).BindText(16, Encoding.UTF8.GetBytes(binding.Source.ToString())).Run();
    }

    private void TextOrNull(int number, ReadOnlySpan<byte> text) => _ = text.IsEmpty ? _put.BindNull(number) : _put.BindText(number, text);

    private void RollBack()
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }
}
