// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Server.Location;
using Isthmus.Server.Storing;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Location;

/// <summary>Random changes of a store, and what it must hold after them.</summary>
internal sealed class StoreModel(SqliteLocationStore store, int seed, long now, int mostChanges = 6)
{
    private readonly Random _random = new(seed);
    private readonly SortedDictionary<long, Binding> _bindings = Loaded(store);
    private readonly List<BindingChange> _changes = [];
    private long _now = now;

    public long LastId { get; private set; } = store.LastId;

    /// <summary>What a restart must show.</summary>
    public IEnumerable<string> Expected => _bindings.Values.Select(Show);

    /// <summary>What a store shows.</summary>
    public static IEnumerable<string> Shown(IEnumerable<AddressOfRecord> aors) => aors.SelectMany(aor => aor.Bindings).OrderBy(binding => binding.Id).Select(Show);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    /// <summary>Commits a batch.</summary>
    public void Commit()
    {
        Change();
        Store();
    }

    /// <summary>Makes a batch; <see cref="Expected"/> has it already.</summary>
    public void Change()
    {
        _now += 1000;
        _changes.Clear();
        for (int i = _random.Next(mostChanges); i >= 0; i--)
        {
            _changes.Add(Next());
        }

        foreach (BindingChange change in _changes)
        {
            if (change.New is { } binding && binding == change.Old)
            {
                binding.Renewed(_now);
            }
        }
    }

    /// <summary>Commits that batch.</summary>
    /// <exception cref="StoreException">It could not be written.</exception>
    public void Store() => store.Commit([.. _changes], _now);

    private static SortedDictionary<long, Binding> Loaded(SqliteLocationStore store) =>
        new(store.Load(KeyedHash.Random()).SelectMany(aor => aor.Bindings).ToDictionary(binding => binding.Id));

    private static string Show(Binding binding) =>
        $"{binding.Id} {binding.Aor} {binding.Contact} {binding.CallId} {binding.CSeq} {binding.ExpiresAt} {binding.RegisteredAt} {binding.UserAgent} {string.Join(',', binding.Path)} {binding.Source}";

    private BindingChange Next()
    {
        Binding? some = _bindings.Count == 0 ? null : _bindings.ElementAt(_random.Next(_bindings.Count)).Value;
        switch (_random.Next(8))
        {
            case 0 or 1 or 2 when some is not null:
                some.Renew(some.CSeq + 1, _now + _random.Next(100_000));
                return new(some, some);
            case 3 when some is not null:
                _bindings.Remove(some.Id);
                return new(some, null);
            case 4 when some is not null:
                return new(some, Make(some.Id, some.Owner!));
            default:
                long id = ++LastId;
                return new(null, Make(id, new AddressOfRecord(Encoding.UTF8.GetBytes($"sip:user{id}@example.com"), 0)));
        }
    }

    private Binding Make(long id, AddressOfRecord owner)
    {
        Binding binding = Binding.TryMake(new BindingDraft
        {
            Id = id,
            Contact = Encoding.UTF8.GetBytes($"<sip:user@192.0.2.7:{_random.Next(1024, 65536)}>"),
            Version = IpVersion.V4,
            Expires = _now + _random.Next(100_000),
            Registered = _now,
            CallId = Encoding.UTF8.GetBytes($"call-{_random.Next()}"),
            CSeq = (uint)_random.Next(),
            Path = Chance(0.3) ? "<sip:p1.example;lr>\n<sip:p2.example;lr>"u8 : default,
            UserAgent = Chance(0.5) ? "Unit" : null,
            Transport = SipTransport.Udp,
            Source = Chance(0.5) ? new IPEndPoint(IPAddress.Parse("2001:db8::7"), 5060) : new IPEndPoint(IPAddress.Parse("192.0.2.7"), 5060),
        })!;
        binding.BelongTo(owner);
        return _bindings[id] = binding;
    }
}
