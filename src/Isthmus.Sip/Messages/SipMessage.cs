// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>
/// A SIP message (RFC 3261 §7): an immutable view over bytes that it owns. Header values are decoded when they are first asked for; what nobody asks
/// for stays bytes. Reading is safe from several threads.
/// <para>
/// A message has one owner when it was read or built; <see cref="Share"/> adds one, and <see cref="Dispose"/> is each owner's farewell, once. The last one
/// gives the object and its buffer back to the <see cref="MessagePool"/> they came from, and the next message may be read into them at once: spans and
/// views of the message are valid until then and no longer, typed values and strings for ever. To forget the farewell is safe: the message is then the
/// garbage collector's. To say it twice is an error, which may spoil somebody else's message.
/// </para>
/// </summary>
public abstract class SipMessage : IDisposable
{
    private MessageMemory _memory = new();
    private Via? _topVia;
    private IReadOnlyList<Via>? _vias;
    private NameAddr? _from;
    private NameAddr? _to;
    private string? _callId;
    private ulong _callIdHash;
    private IReadOnlyList<NameAddr>? _contacts;
    private IReadOnlyList<NameAddr>? _routes;
    private IReadOnlyList<NameAddr>? _recordRoutes;

    private MessagePool? _pool;
    private int _owners;
    private MandatoryParts _parts;
    private bool _hasParts;
    private volatile bool _isIndexed;

    private protected SipMessage()
    {
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Bytes => _memory.Bytes.AsMemory(0, _memory.Length);

    /// <summary>The whole message, as <see cref="Bytes"/>.</summary>
    public ReadOnlySpan<byte> Span => _memory.Span;

    /// <summary>The body; empty where there is none.</summary>
    public ReadOnlySpan<byte> Body => _memory.Span[_memory.BodyStart..];

    /// <summary>The header fields in their order.</summary>
    public HeaderCollection Headers => new(Memory.Span, Memory.Index);

    /// <summary>The topmost Via value.</summary>
    public Via TopVia => _topVia ??= First(HeaderName.Via, out ReadOnlySpan<byte> value) && Via.TryParse(value, out Via? via) ? via : throw Missing(HeaderName.Via);

    /// <summary>All Via values, topmost first; one that cannot be read ends the list.</summary>
    public IReadOnlyList<Via> Vias => _vias ??= ReadVias();

    /// <summary>From.</summary>
    public NameAddr From => _from ??= Mandatory(HeaderName.From);

    /// <summary>To.</summary>
    public NameAddr To => _to ??= Mandatory(HeaderName.To);

    /// <summary>Call-ID.</summary>
    public string CallId => _callId ??= Text(HeaderName.CallId) ?? throw Missing(HeaderName.CallId);

    /// <summary>CSeq.</summary>
    public CSeq CSeq => HasParts ? new(_parts.CSeqNumber, _parts.CSeqMethod) : TryGetValue(HeaderName.CSeq, out ReadOnlySpan<byte> value) && CSeq.TryParse(value, out CSeq cseq) ? cseq : throw Missing(HeaderName.CSeq);

    /// <summary>The number in CSeq.</summary>
    public uint CSeqNumber => CSeq.Number;

    /// <summary>The method in CSeq.</summary>
    public SipMethod CSeqMethod => CSeq.Method;

    /// <summary>The topmost Via value, read where it stands.</summary>
    public ViaView TopViaView => HasParts && _parts.Via.End > 0 ? new(_memory.ValueOf(HeaderName.Via)[.._parts.Via.End], _parts.Via)
        : TryGetTopVia(out ViaView via) ? via : throw Missing(HeaderName.Via);

    /// <summary>Whether there is a Via value below the topmost one: the message has been through more than one hop, or will go.</summary>
    public bool HasViaBelow
    {
        get
        {
            if (HasViaFieldBelow(out int index) || index == 0)
            {
                return index > 0;
            }

            ValueList values = ValuesOf(HeaderName.Via);
            return values.MoveNext() && values.MoveNext();
        }
    }

    /// <summary>Reads the Via value below the topmost one where it stands; false when there is none that is well formed.</summary>
    public bool TryGetViaBelow(out ViaView below)
    {
        if (HasViaFieldBelow(out int index))
        {
            ReadOnlySpan<byte> value = _memory.Value(index);
            bool isGood = ViaParts.TryScanFirst(value, out ViaParts parts);
            below = isGood ? new(value[..parts.End], parts) : default;
            return isGood;
        }

        below = default;
        ValueList values = ValuesOf(HeaderName.Via);
        return index != 0 && values.MoveNext() && values.MoveNext() && ViaView.TryRead(values.Current, out below);
    }

    // As nearly always: the topmost Via is a field by itself, and the next one begins another. Zero: there is no next one; negative: it must be looked for.
    private bool HasViaFieldBelow(out int index)
    {
        index = -1;
        if (HasParts && _parts.Via.End > 0 && !_parts.Via.IsFollowed)
        {
            int next = _memory.FindNext(HeaderName.Via, _memory.Find(HeaderName.Via));
            index = next < 0 ? 0 : _memory.Value(next).IsEmpty ? -1 : next;
        }

        return index > 0;
    }

    /// <summary>From, read where it stands.</summary>
    public AddressView FromView => HasParts ? new(_memory.ValueOf(HeaderName.From), _parts.From) : MandatoryView(HeaderName.From);

    /// <summary>To, read where it stands.</summary>
    public AddressView ToView => HasParts ? new(_memory.ValueOf(HeaderName.To), _parts.To) : MandatoryView(HeaderName.To);

    /// <summary>Whether To has a tag: the message belongs to a dialog, or answers with one.</summary>
    public bool HasToTag => HasParts ? _parts.To.Tag.IsThere : TryGetValue(HeaderName.To, out ReadOnlySpan<byte> value) && AddressView.TryRead(value, out AddressView to) && to.HasTag;

    /// <summary>The tag of From; empty when absent.</summary>
    public ReadOnlySpan<byte> FromTag => FromView.Tag;

    /// <summary>The tag of To; empty when absent.</summary>
    public ReadOnlySpan<byte> ToTag => ToView.Tag;

    /// <summary>Call-ID as it is written; empty when absent.</summary>
    public ReadOnlySpan<byte> CallIdBytes => TryGetValue(HeaderName.CallId, out ReadOnlySpan<byte> value) ? value : default;

    /// <summary>A number that two messages of one Call-ID share in this process, and others hardly ever do; strangers cannot choose it.</summary>
    public ulong CallIdHash => _callIdHash != 0 ? _callIdHash : _callIdHash = Sip.CallIdHash.Of(CallIdBytes);

    /// <summary>Max-Forwards, 0 to 255; null when absent or malformed.</summary>
    public int? MaxForwards => !HasParts ? Number(HeaderName.MaxForwards, 255) : _parts.MaxForwards >= 0 ? _parts.MaxForwards : null;

    /// <summary>Expires in seconds; null when absent or malformed.</summary>
    public int? Expires => Number(HeaderName.Expires, int.MaxValue);

    /// <summary>Min-Expires in seconds; null when absent or malformed.</summary>
    public int? MinExpires => Number(HeaderName.MinExpires, int.MaxValue);

    /// <summary>The media type of the body in lower case and without parameters, such as <c>application/sdp</c>; null when absent.</summary>
    public string? ContentTypeText => Text(HeaderName.ContentType)?.Split(';', 2)[0].Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Whether the body is of a media type, given in lower case and without parameters.</summary>
    public bool HasContentType(string mediaType) =>
        TryGetValue(HeaderName.ContentType, out ReadOnlySpan<byte> value) && (Ascii.EqualsIgnoreCase(value, mediaType) || ContentTypeText == mediaType);

    /// <summary>The Contact values; empty when there is none, when it is <c>*</c>, or when one of them cannot be read.</summary>
    public IReadOnlyList<NameAddr> Contacts => _contacts ??= Addresses(HeaderName.Contact) ?? [];

    /// <summary>Whether Contact is <c>*</c> (RFC 3261 §10.2.2).</summary>
    public bool ContactIsStar => First(HeaderName.Contact, out ReadOnlySpan<byte> value) && value.SequenceEqual("*"u8);

    /// <summary>The Route values; empty also when one of them cannot be read.</summary>
    public IReadOnlyList<NameAddr> Routes => _routes ??= Addresses(HeaderName.Route) ?? [];

    /// <summary>The Record-Route values; empty also when one of them cannot be read.</summary>
    public IReadOnlyList<NameAddr> RecordRoutes => _recordRoutes ??= Addresses(HeaderName.RecordRoute) ?? [];

    /// <summary>The Path values (RFC 3327); empty also when one of them cannot be read.</summary>
    public IReadOnlyList<NameAddr> Paths => Addresses(HeaderName.Path) ?? [];

    /// <summary>The bytes with their index, which what we wrote gets when somebody first asks for it.</summary>
    internal ref readonly MessageMemory Memory
    {
        get
        {
            if (!_isIndexed)
            {
                IndexOnce();
            }

            return ref _memory;
        }
    }

    /// <summary>Whether all mandatory fields are well formed, so that their parts are known.</summary>
    private bool HasParts
    {
        get
        {
            if (!_isIndexed)
            {
                IndexOnce();
            }

            return _hasParts;
        }
    }

    /// <summary>The bytes as they are, for who fills them: before anybody else sees the message.</summary>
    internal ref MessageMemory Unindexed => ref _memory;

    /// <summary>Whether the header is there.</summary>
    public bool Has(HeaderName name) => Memory.Find(name) >= 0;

    /// <summary>The first field of that name, unfolded; null when absent.</summary>
    public string? Text(HeaderName name) => Memory.Find(name) is var at && at >= 0 ? Characters.Unfolded(Memory.Value(at)) : null;

    /// <summary>The first field of that name (the long form, in any case), unfolded; null when absent.</summary>
    public string? Text(string name)
    {
        HeaderName known = HeaderNames.Find(System.Text.Encoding.UTF8.GetBytes(name));
        if (known != HeaderName.Other)
        {
            return Text(known);
        }

        foreach (HeaderField field in Headers)
        {
            if (field.Name == HeaderName.Other && field.NameText.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return field.Text;
            }
        }

        return null;
    }

    /// <summary>The value of the first field of that name as it is written, which may hold folds and commas.</summary>
    public bool TryGetValue(HeaderName name, out ReadOnlySpan<byte> value)
    {
        ref readonly MessageMemory memory = ref Memory;
        int at = memory.Find(name);
        value = at >= 0 ? memory.Value(at) : default;
        return at >= 0;
    }

    /// <summary>The value of the only field of that name as it is written; false when there is none, or several.</summary>
    public bool TryGetOnlyValue(HeaderName name, out ReadOnlySpan<byte> value) => TryGetValue(name, out value) && !_memory.HasSeveral(name);

    /// <summary>Reads the topmost Via value where it stands; false when there is none that is well formed.</summary>
    public bool TryGetTopVia(out ViaView via)
    {
        if (HasParts && _parts.Via.End > 0)
        {
            via = TopViaView;
            return true;
        }

        via = default;
        return First(HeaderName.Via, out ReadOnlySpan<byte> value) && ViaView.TryRead(value, out via);
    }

    /// <summary>Reads the first Contact where it stands; false when there is none, when it is <c>*</c>, or when it cannot be read.</summary>
    public bool TryGetContactView(out AddressView contact)
    {
        contact = default;
        return First(HeaderName.Contact, out ReadOnlySpan<byte> value) && AddressView.TryRead(value, out contact);
    }

    /// <summary>Walks every element of every comma-separated field of that name where it stands; empty ones are left out.</summary>
    public ValueList ValuesOf(HeaderName name) => new(this, name);

    /// <summary>Every element of every comma-separated field of that name.</summary>
    public IEnumerable<string> Values(HeaderName name)
    {
        var values = new List<string>();
        for (int at = Memory.Find(name); at >= 0; at = Memory.FindNext(name, at))
        {
            foreach (ReadOnlySpan<byte> element in new ElementList(Memory.Value(at)))
            {
                if (!element.IsEmpty)
                {
                    values.Add(Characters.Unfolded(element));
                }
            }
        }

        return values;
    }

    /// <summary>Whether the comma-separated header holds the token, in any case: <c>Lists(HeaderName.Supported, "path")</c>.</summary>
    public bool Lists(HeaderName name, string token)
    {
        for (int at = Memory.Find(name); at >= 0; at = Memory.FindNext(name, at))
        {
            foreach (ReadOnlySpan<byte> element in new ElementList(Memory.Value(at)))
            {
                if (!element.IsEmpty && element.Length == token.Length && System.Text.Ascii.EqualsIgnoreCase(element, token))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <inheritdoc cref="Lists(HeaderName, string)"/>
    public bool Lists(HeaderName name, ReadOnlySpan<byte> token)
    {
        foreach (ReadOnlySpan<byte> value in ValuesOf(name))
        {
            if (System.Text.Ascii.EqualsIgnoreCase(value, token))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The addresses of every field of that name; null when one of them cannot be read.</summary>
    public IReadOnlyList<NameAddr>? Addresses(HeaderName name)
    {
        List<NameAddr>? values = null;
        for (int at = Memory.Find(name); at >= 0; at = Memory.FindNext(name, at))
        {
            foreach (ReadOnlySpan<byte> element in new ElementList(Memory.Value(at)))
            {
                if (!NameAddr.TryParse(element, out NameAddr? value))
                {
                    return null;
                }

                (values ??= new(2)).Add(value);
            }
        }

        return values ?? (IReadOnlyList<NameAddr>)[];
    }

    /// <summary>Adds an owner: the message stays until each one has disposed it. Only an owner may do so.</summary>
    public void Share() => Interlocked.Increment(ref _owners);

    /// <summary>An owner's farewell; after it, this owner does not touch the message any more.</summary>
    public void Dispose()
    {
        // A sole owner has nobody to race with.
        if (Volatile.Read(ref _owners) == 1 || Interlocked.Decrement(ref _owners) == 0)
        {
            Release();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The message as text, for logs and people.</summary>
    public override string ToString() => Characters.Text(_memory.Span);

    /// <summary>A message begins anew, in a buffer of at least that many octets.</summary>
    internal void Begin(MessagePool? pool, int capacity)
    {
        (_pool, _owners, _isIndexed, _hasParts) = (pool, 1, false, false);
        _memory.MakeRoom(capacity);
    }

    /// <summary>The index was filled together with the bytes.</summary>
    internal void IsIndexedNow() => _isIndexed = true;

    /// <summary>What is wrong with the mandatory fields; where nothing is, their parts are known from now on.</summary>
    internal SipFault? CheckMandatory(SipMethod? method, bool needsVia)
    {
        SipFault? fault = MandatoryHeaders.Check(_memory, method, needsVia, ref _parts);
        _hasParts = fault is null;
        return fault;
    }

    /// <summary>Notes the source in the topmost Via; false when there is none that is well formed.</summary>
    private protected bool Stamp(System.Net.IPEndPoint source)
    {
        if ((!HasParts || _parts.Via.End == 0) && (!First(HeaderName.Via, out ReadOnlySpan<byte> value) || !ViaParts.TryScan(value, out _parts.Via)))
        {
            return false;
        }

        SourceStamp.Put(ref _memory, ref _parts.Via, source);
        (_topVia, _vias) = (null, null);
        return true;
    }

    private void ForgetDecoded() => (_topVia, _vias, _from, _to, _callId, _contacts, _routes, _recordRoutes, _callIdHash) = (null, null, null, null, null, null, null, null, 0);

    private protected virtual void Forget()
    {
    }

    private protected bool First(HeaderName name, out ReadOnlySpan<byte> element)
    {
        int at = Memory.Find(name);
        element = default;
        if (at < 0)
        {
            return false;
        }

        var list = new ElementList(Memory.Value(at));
        list.MoveNext();
        element = list.Current;
        return true;
    }

    private void Release()
    {
        int room = _memory.Bytes.Length;
        ForgetDecoded();
        Forget();
        _owners = 0;
        _memory.Forget();
        if (_pool is { } pool)
        {
            pool.Return(this, room);
        }
        else
        {
            _memory = new();
        }
    }

    // Nobody outside locks a message, and a thread that comes second waits for the time of one pass.
    private void IndexOnce()
    {
        lock (this)
        {
            if (!_isIndexed)
            {
                _ = HeaderIndexer.Index(ref _memory, WrittenMessage.Unlimited);
                _ = CheckMandatory(method: null, needsVia: false);
                _isIndexed = true;
            }
        }
    }

    private static InvalidOperationException Missing(HeaderName name) =>
        new($"The message has no valid {HeaderNames.Text(name)}; only a message that was read as well formed has typed mandatory headers.");

    private NameAddr Mandatory(HeaderName name) =>
        Memory.Find(name) is var at && at >= 0 && NameAddr.TryParse(Memory.Value(at), out NameAddr? value) ? value : throw Missing(name);

    private AddressView MandatoryView(HeaderName name) =>
        TryGetValue(name, out ReadOnlySpan<byte> value) && AddressView.TryRead(value, out AddressView view) ? view : throw Missing(name);

    private int? Number(HeaderName name, int max) =>
        Memory.Find(name) is var at && at >= 0 && Numbers.TryParse(Memory.Value(at), (uint)max, out uint value) ? (int)value : null;

    private List<Via> ReadVias()
    {
        var vias = new List<Via>(2);
        for (int at = Memory.Find(HeaderName.Via); at >= 0; at = Memory.FindNext(HeaderName.Via, at))
        {
            foreach (ReadOnlySpan<byte> element in new ElementList(Memory.Value(at)))
            {
                if (!Via.TryParse(element, out Via? via))
                {
                    return vias;
                }

                vias.Add(via);
            }
        }

        return vias;
    }
}
