// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>The tables of subscriptions and publications.</summary>
internal static class EventTable
{
    public const string Definition = """
        CREATE TABLE subscription (
            tag INTEGER PRIMARY KEY,
            package TEXT NOT NULL,
            aor TEXT NOT NULL,
            watcher TEXT,
            head BLOB NOT NULL,
            transport INTEGER NOT NULL,
            address BLOB NOT NULL,
            zone INTEGER NOT NULL,
            port INTEGER NOT NULL,
            local_cseq INTEGER NOT NULL,
            remote_cseq INTEGER NOT NULL,
            expires INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE publication (
            tag TEXT PRIMARY KEY,
            package TEXT NOT NULL,
            aor TEXT NOT NULL,
            body BLOB NOT NULL,
            place INTEGER NOT NULL,
            expires INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;

    private const string AddSubscription = "INSERT OR REPLACE INTO subscription VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    private const string ChangeSubscription =
        "UPDATE subscription SET head = ?5, transport = ?6, address = ?7, zone = ?8, port = ?9, local_cseq = ?10, remote_cseq = ?11, expires = ?12 WHERE tag = ?1";

    /// <summary>Writes a subscription as it is now.</summary>
    /// <param name="store">The store.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="of">Who watches whom, for one that is new; null: it is there already.</param>
    public static void Write(StoreConnection store, Subscription subscription, (string Aor, string? Watcher)? of)
    {
        IPEndPoint at = subscription.NextHop.EndPoint;
        SqliteStatement statement = store.Statement(of is null ? ChangeSubscription : AddSubscription)
            .Bind(1, (long)subscription.Tag)
            .BindBlob(5, subscription.Head)
            .Bind(6, (int)subscription.NextHop.Transport)
            .BindBlob(7, at.Address.GetAddressBytes())
            .Bind(8, at.Address.Version == IpVersion.V6 ? at.Address.ScopeId : 0)
            .Bind(9, at.Port)
            .Bind(10, subscription.ReservedCSeq)
            .Bind(11, subscription.RemoteCSeq)
            .Bind(12, subscription.ExpiresAt);
        if (of is (var aor, var watcher))
        {
            statement.BindText(2, subscription.Package.Name).BindText(3, aor);
            _ = watcher is null ? statement.BindNull(4) : statement.BindText(4, watcher);
        }

        statement.Run();
    }

    /// <summary>A subscription is no more.</summary>
    public static void RemoveSubscription(StoreConnection store, ulong tag) => store.Statement("DELETE FROM subscription WHERE tag = ?1").Bind(1, (long)tag).Run();

    /// <summary>Writes a publication.</summary>
    public static void Write(StoreConnection store, string package, string aor, Publication publication) => store
        .Statement("INSERT OR REPLACE INTO publication VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .BindText(1, TextOf(publication.EntityTag))
        .BindText(2, package)
        .BindText(3, aor)
        .BindBlob(4, publication.Body)
        .Bind(5, publication.Place)
        .Bind(6, publication.ExpiresAt)
        .Run();

    /// <summary>A publication is no more.</summary>
    public static void RemovePublication(StoreConnection store, ulong tag) =>
        store.Statement("DELETE FROM publication WHERE tag = ?1").BindText(1, TextOf(tag)).Run();

    /// <summary>After everything was read: what has ended is removed, and the numbers that this run begins with are taken.</summary>
    public static void TakeOver(StoreConnection store, long now)
    {
        store.Statement("UPDATE subscription SET local_cseq = local_cseq + ?1").Bind(1, Subscription.Reserve).Run();
        store.Statement("DELETE FROM subscription WHERE expires <= ?1").Bind(1, now).Run();
        store.Statement("DELETE FROM publication WHERE expires <= ?1").Bind(1, now).Run();
    }

    /// <summary>Reads the publications of an earlier run, in the order in which they were made.</summary>
    public static IEnumerable<StoredPublication> Publications(StoreConnection store)
    {
        SqliteStatement rows = store.Statement("SELECT tag, package, aor, body, place, expires FROM publication ORDER BY place");
        while (rows.Read())
        {
            yield return new(ulong.Parse(rows.Text(0), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), rows.Text(1), rows.Text(2), rows.Octets(3).ToArray(), rows.Integer(4), rows.Integer(5));
        }
    }

    /// <summary>Reads the subscriptions of an earlier run.</summary>
    public static IEnumerable<StoredSubscription> Subscriptions(StoreConnection store)
    {
        SqliteStatement rows = store.Statement("SELECT tag, package, aor, watcher, head, transport, address, zone, port, local_cseq, remote_cseq, expires FROM subscription");
        while (rows.Read())
        {
            byte[] head = rows.Octets(4).ToArray();
            byte[] address = rows.Octets(6).ToArray();
            var at = new IPEndPoint(address.Length == 16 ? new IPAddress(address, rows.Integer(7)) : new IPAddress(address), (int)rows.Integer(8));
            var record = new SubscriptionRecord(
                (ulong)rows.Integer(0),
                CallIdHash.Of(NotifyHeadFields.CallId(head)),
                head,
                new Target((SipTransport)rows.Integer(5), at),
                (uint)rows.Integer(9),
                (uint)rows.Integer(10),
                rows.Integer(11));
            yield return new(record, rows.Text(1), rows.Text(2), rows.IsNull(3) ? null : rows.Text(3));
        }
    }

    private static string TextOf(ulong tag) => tag.ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>A subscription as it is in the store.</summary>
internal sealed record StoredSubscription(SubscriptionRecord Record, string Package, string Aor, string? Watcher);

/// <summary>A publication as it is in the store.</summary>
internal sealed record StoredPublication(ulong EntityTag, string Package, string Aor, byte[] Body, long Place, long ExpiresAt);
