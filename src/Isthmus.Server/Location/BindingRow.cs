// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Location;

/// <summary>A binding as a row, and back. What is text in SIP stays text, so that the file can be read with any SQLite tool.</summary>
internal static class BindingRow
{
    public const string Select =
        "SELECT id, aor, contact, version, q, expires, registered, call_id, cseq, path, instance, reg_id, user_agent, redirect, transport, source FROM binding";

    private static readonly (string Name, SqliteType Type)[] Columns =
    [
        ("id", SqliteType.Integer), ("aor", SqliteType.Text), ("contact", SqliteType.Text), ("version", SqliteType.Integer),
        ("q", SqliteType.Real), ("expires", SqliteType.Integer), ("registered", SqliteType.Integer), ("call_id", SqliteType.Text),
        ("cseq", SqliteType.Integer), ("path", SqliteType.Text), ("instance", SqliteType.Text), ("reg_id", SqliteType.Integer),
        ("user_agent", SqliteType.Text), ("redirect", SqliteType.Integer), ("transport", SqliteType.Integer), ("source", SqliteType.Text),
    ];

    public static SqliteCommand Upsert(SqliteConnection connection)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"INSERT OR REPLACE INTO binding ({string.Join(", ", Columns.Select(column => column.Name))}) VALUES ({string.Join(", ", Columns.Select(column => "$" + column.Name))})";
        foreach ((string name, SqliteType type) in Columns)
        {
            command.Parameters.Add("$" + name, type);
        }

        return command;
    }

    public static void Fill(SqliteCommand command, Binding binding)
    {
        ReadOnlySpan<object?> values =
        [
            binding.Id, binding.Aor, binding.Contact.ToString(), (long)binding.Version, binding.Q, binding.Expires.ToUnixTimeMilliseconds(),
            binding.Registered.ToUnixTimeMilliseconds(), binding.CallId, (long)binding.CSeq,
            binding.Path.Count == 0 ? null : string.Join('\n', binding.Path), binding.Instance, (long?)binding.RegId, binding.UserAgent,
            binding.AnnouncesRedirect ? 1L : 0L, (long)binding.Transport, binding.Source.ToString(),
        ];
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }

    /// <summary>The binding of the row that the reader stands on; null when its texts do not parse.</summary>
    public static Binding? Read(SqliteDataReader row)
    {
        if (!NameAddr.TryParse(row.GetString(2), out NameAddr? contact) || contact.SipUri is not { } uri
            || !IPEndPoint.TryParse(row.GetString(15), out IPEndPoint? source) || !TryReadPath(row.IsDBNull(9) ? null : row.GetString(9), out List<NameAddr> path))
        {
            return null;
        }

        return new Binding
        {
            Id = row.GetInt64(0),
            Aor = row.GetString(1),
            Contact = contact,
            Uri = uri,
            Version = row.GetInt64(3) == (long)IpVersion.V6 ? IpVersion.V6 : IpVersion.V4,
            Q = row.GetDouble(4),
            Expires = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
            Registered = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
            CallId = row.GetString(7),
            CSeq = (uint)row.GetInt64(8),
            Path = path,
            Instance = row.IsDBNull(10) ? null : row.GetString(10),
            RegId = row.IsDBNull(11) ? null : (int)row.GetInt64(11),
            UserAgent = row.IsDBNull(12) ? null : row.GetString(12),
            AnnouncesRedirect = row.GetInt64(13) != 0,
            Transport = (SipTransport)row.GetInt64(14),
            Source = source,
        };
    }

    private static bool TryReadPath(string? text, out List<NameAddr> path)
    {
        path = [];
        foreach (string element in text?.Split('\n') ?? [])
        {
            if (!NameAddr.TryParse(element, out NameAddr? hop))
            {
                return false;
            }

            path.Add(hop);
        }

        return true;
    }
}
