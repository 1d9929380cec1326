// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>What a view says is what the object says, for whatever text both are given.</summary>
internal static class Agreement
{
    public static void OfEverything(SipMessage message)
    {
        foreach (HeaderField field in message.Headers)
        {
            foreach (ReadOnlySpan<byte> element in new ElementList(field.Value))
            {
                OfVia(element);
                OfAddress(element);
            }

            OfVia(field.Value);
            OfAddress(field.Value);
            Assert.Equal(message.Values(field.Name), Elements(message, field.Name));
        }

        if (message is SipRequest request)
        {
            OfUri(request.RequestUriBytes);
            Assert.Equal(request.RequestUriText, Encoding.UTF8.GetString(request.RequestUriBytes));
        }
    }

    public static void OfWellFormed(SipMessage message)
    {
        Same(message.TopVia, message.TopViaView);
        Same(message.From.Tag, message.FromView.Tag);
        Same(message.To.Tag, message.ToView.Tag);
        Assert.Equal(message.To.Tag is not null, message.HasToTag);
        Assert.Equal(message.CallId, Text(message.CallIdBytes));
        Assert.Equal(CallIdHash.Of(message.CallId), message.CallIdHash);
        Assert.Equal(message.CSeq.Number, message.CSeqNumber);
        Assert.Equal(message.CSeq.Method, message.CSeqMethod);
        Assert.True(message.Bytes.Span == message.Span);
        bool hasContact = message.TryGetContactView(out AddressView contact);
        Assert.True(message.Contacts.Count == 0 || (hasContact && message.Contacts[0].Uri.ToString() == Text(contact.Uri)));
        if (message is SipRequest { RequestUri: SipUri uri } request)
        {
            Assert.True(request.TryGetRequestUriView(out SipUriView view));
            Same(uri, view);
        }
    }

    public static void OfVia(ReadOnlySpan<byte> text)
    {
        bool isOne = Via.TryParse(text, out Via? via);
        Assert.Equal(isOne, ViaView.TryRead(text, out ViaView view));
        if (via is not null)
        {
            Same(via, view);
        }
    }

    private static void Same(Via via, ViaView view)
    {
        Assert.Equal(via.TransportToken, Text(view.TransportToken));
        Assert.Equal(via.Transport, view.Transport);
        Assert.True(Host.TryParse(view.Host, out Host host) && host == via.SentBy.Host);
        Assert.Equal(via.SentBy.Port, view.Port);
        Assert.True(view.SentByIs(via.SentBy), via.ToString());
        Same(via.Branch, view.Branch);
        Same(via.Maddr, view.Maddr);
        Same(via.Parameters.Get("received"), view.Received);
        Assert.Equal(via.Parameters.Has("received"), view.HasReceived);
        Assert.Equal(via.HasRport, view.HasRport);
        Assert.True(IsBeyondSpans(view.Parameters) || (via.Rport == view.Rport && via.HasMagicCookie == view.HasMagicCookie));
    }

    public static void OfAddress(ReadOnlySpan<byte> text)
    {
        bool isOne = NameAddr.TryParse(text, out NameAddr? address);
        Assert.Equal(isOne, AddressView.TryRead(text, out AddressView view));
        if (address is null)
        {
            return;
        }

        Same(address.Tag, view.Tag);
        Assert.Equal(address.Parameters.Has("tag"), view.HasTag);
        Assert.Equal(address.DisplayName is null, view.DisplayName.IsEmpty);
        Assert.True(IsBeyondSpans(view.Parameters) || (address.Expires == view.Expires && address.Q == view.Q), address.ToString());
        OfUri(view.Uri);
    }

    public static void OfUri(ReadOnlySpan<byte> text)
    {
        SipUri? uri = AnyUri.TryParse(text, out AnyUri? any) ? any as SipUri : null;
        Assert.Equal(uri is not null, SipUriView.TryRead(text, out SipUriView view));
        if (uri is not null)
        {
            Same(uri, view);
        }
    }

    private static void Same(SipUri uri, SipUriView view)
    {
        Assert.Equal(uri.IsSecure, view.IsSecure);
        Assert.Equal(uri.User is not null, view.HasUser);
        Assert.Equal(uri.Port, view.Port);
        Assert.True(view.HostPortIs(uri.HostPort), uri.ToString());
        Assert.Equal(uri.Transport, view.Transport);
        Assert.Equal(uri.IsLoose, view.IsLoose);
        Assert.Equal(uri.HeaderText ?? "", Text(view.Headers));
        foreach (var (name, value) in uri.Parameters)
        {
            Assert.True(!Ascii.IsValid(name) || (view.TryGet(Encoding.ASCII.GetBytes(name), out ReadOnlySpan<byte> found)
                && Escapes.Decode(found) == (uri.Parameters.Get(name) ?? "")), $"{uri} {name}={value}");
        }

        var aor = new byte[(view.Text.Length * 3) + 64];
        Assert.True(view.TryFormatAor(aor, out int length));
        Assert.Equal(uri.ToAor(), Text(aor.AsSpan(0, length)));
        for (int room = 0; room < length; room++)
        {
            Assert.False(view.TryFormatAor(aor.AsSpan(0, room), out _));
        }
    }

    private static List<string> Elements(SipMessage message, HeaderName name)
    {
        var elements = new List<string>();
        foreach (ReadOnlySpan<byte> element in message.ValuesOf(name))
        {
            elements.Add(Characters.Unfolded(element));
        }

        return elements;
    }

    private static void Same(string? expected, ReadOnlySpan<byte> value) => Assert.True(IsBeyondSpans(value) || (expected ?? "") == Text(value), $"{expected} {Text(value)}");

    // A view cannot take a backslash or a fold out of a quoted value.
    private static bool IsBeyondSpans(ReadOnlySpan<byte> value) => value.ContainsAny("\\\n"u8);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
