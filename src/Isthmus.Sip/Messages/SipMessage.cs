// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>
/// A SIP message (RFC 3261 §7): an immutable view over bytes that it owns. Header values are decoded when they are first asked for; what nobody asks
/// for stays bytes. Reading is safe from several threads. Disposing gives the bytes back and is for a sole owner only; forgetting to is safe.
/// </summary>
public abstract class SipMessage : IDisposable
{
    private MessageMemory _memory;
    private Via? _topVia;
    private IReadOnlyList<Via>? _vias;
    private NameAddr? _from;
    private NameAddr? _to;
    private string? _callId;
    private IReadOnlyList<NameAddr>? _contacts;
    private IReadOnlyList<NameAddr>? _routes;
    private IReadOnlyList<NameAddr>? _recordRoutes;

    private MessagePool? _pool;

    private protected SipMessage()
    {
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Bytes => _memory.Bytes.AsMemory(0, _memory.Length);

    /// <summary>The body; empty where there is none.</summary>
    public ReadOnlySpan<byte> Body => _memory.Span[_memory.BodyStart..];

    /// <summary>The header fields in their order.</summary>
    public HeaderCollection Headers => new(_memory.Span, _memory.Index);

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
    public CSeq CSeq => CSeq.TryParse(CSeqBytes, out CSeq cseq) ? cseq : throw Missing(HeaderName.CSeq);

    /// <summary>Max-Forwards, 0 to 255; null when absent or malformed.</summary>
    public int? MaxForwards => Number(HeaderName.MaxForwards, 255);

    /// <summary>Expires in seconds; null when absent or malformed.</summary>
    public int? Expires => Number(HeaderName.Expires, int.MaxValue);

    /// <summary>Min-Expires in seconds; null when absent or malformed.</summary>
    public int? MinExpires => Number(HeaderName.MinExpires, int.MaxValue);

    /// <summary>The media type of the body in lower case and without parameters, such as <c>application/sdp</c>; null when absent.</summary>
    public string? ContentTypeText => Text(HeaderName.ContentType)?.Split(';', 2)[0].Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

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

    internal ref readonly MessageMemory Memory => ref _memory;

    internal ReadOnlySpan<byte> CallIdBytes => First(HeaderName.CallId, out ReadOnlySpan<byte> value) ? value : default;

    internal ReadOnlySpan<byte> CSeqBytes => First(HeaderName.CSeq, out ReadOnlySpan<byte> value) ? value : default;

    /// <summary>Whether the header is there.</summary>
    public bool Has(HeaderName name) => _memory.Find(name) >= 0;

    /// <summary>The first field of that name, unfolded; null when absent.</summary>
    public string? Text(HeaderName name) => _memory.Find(name) is var at && at >= 0 ? Characters.Unfolded(_memory.Value(at)) : null;

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

    /// <summary>Every element of every comma-separated field of that name.</summary>
    public IEnumerable<string> Values(HeaderName name)
    {
        var values = new List<string>();
        for (int at = _memory.Find(name); at >= 0; at = _memory.Find(name, at + 1))
        {
            foreach (ReadOnlySpan<byte> element in new ElementList(_memory.Value(at)))
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
        for (int at = _memory.Find(name); at >= 0; at = _memory.Find(name, at + 1))
        {
            foreach (ReadOnlySpan<byte> element in new ElementList(_memory.Value(at)))
            {
                if (!element.IsEmpty && element.Length == token.Length && System.Text.Ascii.EqualsIgnoreCase(element, token))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The addresses of every field of that name; null when one of them cannot be read.</summary>
    public IReadOnlyList<NameAddr>? Addresses(HeaderName name)
    {
        List<NameAddr>? values = null;
        for (int at = _memory.Find(name); at >= 0; at = _memory.Find(name, at + 1))
        {
            foreach (ReadOnlySpan<byte> element in new ElementList(_memory.Value(at)))
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

    /// <summary>Gives the bytes back. The message must not be used afterwards, and nobody else may hold it.</summary>
    public void Dispose()
    {
        if (_memory.Bytes.Length > 0)
        {
            _memory.Return();
            _memory = default;
            _memory.Bytes = [];
            (_topVia, _vias, _from, _to, _callId, _contacts, _routes, _recordRoutes) = (null, null, null, null, null, null, null, null);
            Forget();
            _pool?.Return(this);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The message as text, for logs and people.</summary>
    public override string ToString() => Characters.Text(_memory.Span);

    private protected void Take(MessageMemory memory, MessagePool? pool) => (_memory, _pool) = (memory, pool);

    private protected virtual void Forget()
    {
    }

    private protected bool First(HeaderName name, out ReadOnlySpan<byte> element)
    {
        int at = _memory.Find(name);
        element = default;
        if (at < 0)
        {
            return false;
        }

        var list = new ElementList(_memory.Value(at));
        list.MoveNext();
        element = list.Current;
        return true;
    }

    private static InvalidOperationException Missing(HeaderName name) =>
        new($"The message has no valid {HeaderNames.Text(name)}; only a message that was read as well formed has typed mandatory headers.");

    private NameAddr Mandatory(HeaderName name) =>
        _memory.Find(name) is var at && at >= 0 && NameAddr.TryParse(_memory.Value(at), out NameAddr? value) ? value : throw Missing(name);

    private int? Number(HeaderName name, int max) =>
        _memory.Find(name) is var at && at >= 0 && Numbers.TryParse(_memory.Value(at), (uint)max, out uint value) ? (int)value : null;

    private List<Via> ReadVias()
    {
        var vias = new List<Via>(2);
        for (int at = _memory.Find(HeaderName.Via); at >= 0; at = _memory.Find(HeaderName.Via, at + 1))
        {
            foreach (ReadOnlySpan<byte> element in new ElementList(_memory.Value(at)))
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
