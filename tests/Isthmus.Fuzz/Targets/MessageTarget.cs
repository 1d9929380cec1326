// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Fuzz.Targets;

/// <summary>The message parser: what is well formed can be read in every typed way, written and read again; what is malformed can be answered.</summary>
internal sealed class MessageTarget : ITarget
{
    private static readonly HeaderName[] Names = Enum.GetValues<HeaderName>();

    public string Name => "message";

    public bool Read(ReadOnlySpan<byte> input)
    {
        bool isGood = false;
        foreach (bool isStream in (ReadOnlySpan<bool>)[false, true])
        {
            ParseResult result = SipParser.Parse(input, isStream: isStream);
            Property.Same(result.Outcome == ParseOutcome.Unreadable, result.Message is null, "only an unreadable message is null");
            Property.Same(result.Outcome == ParseOutcome.Ok, result.Fault is null, "only a good message has no fault");
            if (result.Outcome == ParseOutcome.Ok)
            {
                ReadTyped(result.Message!);
                WriteAndRead(result.Message!);
                isGood = true;
            }

            if (result.Message is SipRequest request)
            {
                Answer(request, result);
            }

            result.Message?.Dispose();
        }

        return isGood;
    }

    private static void ReadTyped(SipMessage message)
    {
        Property.Holds(message.TopVia.ToString().Length > 0 && message.Vias.Count > 0, "there is a Via");
        _ = (message.CallId, message.CSeq, message.MaxForwards, message.Expires, message.MinExpires, message.ContentTypeText, message.ContactIsStar, message.ToString());
        Printed(message.From);
        Printed(message.To);
        IEnumerable<NameAddr> addresses = [.. message.Contacts, .. message.Routes, .. message.RecordRoutes, .. message.Paths];
        foreach (NameAddr address in addresses)
        {
            Printed(address);
        }

        foreach (HeaderName name in Names)
        {
            _ = message.Lists(name, "path");
            _ = message.Text(name);
            Property.Holds(message.Has(name) || !message.Values(name).Any(), "what is not there has no values");
        }

        for (int i = 0; i < Math.Min(message.Headers.Count, 32); i++)
        {
            HeaderField field = message.Headers[i];
            Property.Holds(message.Text(field.NameText) is not null, "a header is found by its own name");
        }

        if (message is SipRequest { RequestUri: SipUri uri } request)
        {
            Printed(new NameAddr(uri));
            Property.Same(uri.ToString(), request.RequestUriText, "the Request-URI is printed as it was read");
            Property.Holds(AnyUri.TryParse(uri.ToAor(), out AnyUri? aor) && ((SipUri)aor).ToAor() == uri.ToAor(), "an address-of-record is one");
        }
    }

    private static void Printed(NameAddr address)
    {
        Property.Holds(NameAddr.TryParse(address.ToString(), out NameAddr? read), "an address that is printed can be read");
        Property.Same(address.ToString(), read!.ToString(), "address");
        Property.Same(address.Tag, read.Tag, "tag");
        if (address.SipUri is { } uri)
        {
            Property.Same(uri, read.SipUri!, "URI");
            SipUri composed = uri.WithParameter("x-new", "1").WithoutParameter("x-new");
            Property.Holds(AnyUri.TryParse(composed.ToString(), out AnyUri? again), "a URI that is made can be read");
            Property.Same(composed.HostPort, ((SipUri)again!).HostPort, "host and port");
            Property.Same(composed.User, ((SipUri)again).User, "user");
            Property.Same(composed.Parameters.Count, ((SipUri)again).Parameters.Count, "URI parameters");
        }
    }

    private static void WriteAndRead(SipMessage message)
    {
        ParseResult again = SipParser.Parse(message.Bytes.Span);
        Property.Same(ParseOutcome.Ok, again.Outcome, "what was read is read again");
        Property.Same(message.Bytes.Span, again.Message!.Bytes.Span, "what was read is what is written");
        again.Message.Dispose();
        MessageEdit edit = MessageEdit.Of(message).ReplaceFirstValue(HeaderName.Via, message.TopVia.ToString()).Remove(HeaderName.MaxForwards).Remove(HeaderName.Route);
        if (message is SipResponse)
        {
            using SipResponse same = MessageEdit.Of(message).BuildResponse();
            Property.Same(message.Bytes.Span, same.Bytes.Span, "no edit, no change");
            using SipResponse popped = edit.BuildResponse();
            Property.Same(message.Vias.Count, popped.Vias.Count, "Via values after one was replaced");
            return;
        }

        Forward((SipRequest)message);
        using SipRequest replaced = edit.BuildRequest();
        Property.Same(message.TopVia.ToString(), replaced.TopVia.ToString(), "top Via");
        Property.Holds(replaced.MaxForwards is null && replaced.Routes.Count == 0, "removed fields are away");
    }

    private static void Forward(SipRequest request)
    {
        using SipRequest same = MessageEdit.Of(request).BuildRequest();
        Property.Same(request.Bytes.Span, same.Bytes.Span, "no edit, no change");
        AnyUri target = SipUri.Create("bob", new HostPort(request.TopVia.SentBy.Host, 5062), SipTransport.Tcp);
        var via = new Via(SipTransport.Udp, request.TopVia.SentBy, "z9hG4bKfuzz");
        using SipRequest forwarded = MessageEdit.Of(request).RequestUri(target).RemoveFirstValue(HeaderName.Route).Replace(HeaderName.MaxForwards, "69")
            .Prepend(HeaderName.RecordRoute, "<sip:[2001:db8::1];lr>").Prepend(HeaderName.Via, via.ToString()).BuildRequest();
        Property.Same(request.Vias.Count + 1, forwarded.Vias.Count, "Via values after one was added");
        Property.Same(via.ToString(), forwarded.TopVia.ToString(), "top Via");
        Property.Same(target.ToString(), forwarded.RequestUriText, "Request-URI");
        Property.Same(69, forwarded.MaxForwards, "Max-Forwards");
        Property.Same(request.Values(HeaderName.RecordRoute).Count() + 1, forwarded.Values(HeaderName.RecordRoute).Count(), "Record-Route values");
        Property.Same(request.Body, forwarded.Body, "the body is kept");
        var written = forwarded.Bytes.Span;
        foreach (HeaderField field in request.Headers)
        {
            if (field.Name is not (HeaderName.Route or HeaderName.MaxForwards))
            {
                int at = written.IndexOf(field.Line);
                Property.Holds(at > 0, "a field that is not edited is kept in its order");
                written = written[(at + field.Line.Length - 1)..];
            }
        }

        using SipRequest back = MessageEdit.Of(forwarded).RemoveFirstValue(HeaderName.Via).BuildRequest();
        Property.Same(request.TopVia.ToString(), back.TopVia.ToString(), "top Via after ours was taken away");
    }

    private static void Answer(SipRequest request, ParseResult result)
    {
        int status = result.Fault?.StatusCode ?? 200;
        using SipResponse answer = request.Answer(status, result.Fault?.Reason, "tag").CopyRecordRoutes().Build();
        Property.Same(status, answer.StatusCode, "status");
        Property.Holds(answer.Bytes.Length < request.Bytes.Length + 256, "an answer is not larger than the request");
        if (result.Outcome == ParseOutcome.Ok)
        {
            using SipMessage? read = SipParser.Parse(answer.Bytes.Span, isStream: true).Message;
            Property.Holds(read is not null, "an answer to a good request can be read");
            Property.Same(request.CallId, read!.CallId, "Call-ID");
            Property.Same(request.Vias.Count, read.Vias.Count, "Via values");
            Property.Same(request.To.Tag ?? "tag", read.To.Tag, "To tag");
        }
    }
}
