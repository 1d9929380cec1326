// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class RegistrationInfoTests
{
    [Fact]
    public void TryParse_Document_HasContacts()
    {
        // RFC 3680 §6, with one contact more.
        var info = Reading.Document<RegistrationInfo>(RegistrationInfo.TryParse, """
            <?xml version="1.0"?>
            <reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="partial">
              <registration aor="sip:joe@example.com" id="a7" state="active">
                <contact id="76" state="active" event="registered" duration-registered="0" expires="3600" q="0.5" callid="hh89as0d-asd88jkk@host4.example.com" cseq="8">
                  <uri>sip:joe@host4.example.com</uri><display-name>Joe &amp; Co</display-name></contact>
                <contact id="77" state="terminated" event="expired"><uri>sip:joe@[2001:db8::1]:5062</uri></contact>
              </registration>
              <registration aor="sip:ann@example.com" id="a8" state="init"/>
            </reginfo>
            """);
        Assert.Equal((1, false), (info.Version, info.IsFull));
        Assert.Equal([("sip:joe@example.com", RegistrationStatus.Active), ("sip:ann@example.com", RegistrationStatus.Init)], info.Registrations.Select(static one => (one.Aor, one.Status)));
        Assert.Equal(
            [
                new("76", "sip:joe@host4.example.com", true, ContactEvent.Registered)
                {
                    DisplayName = "Joe & Co", ExpiresSeconds = 3600, RegisteredSeconds = 0, Q = 0.5, CallId = "hh89as0d-asd88jkk@host4.example.com", CSeq = 8,
                },
                new("77", "sip:joe@[2001:db8::1]:5062", false, ContactEvent.Expired),
            ],
            info.Registrations[0].Contacts);
        var again = Reading.RoundTrip(RegistrationInfo.TryParse, info, static document => document.ToBytes());
        Assert.Equal(info.Registrations[0].Contacts, again.Registrations[0].Contacts);
    }

    [Fact]
    public void Contact_EveryEvent_IsReadAsTheSame()
    {
        var contacts = Enum.GetValues<ContactEvent>().Select(static change => new RegisteredContact($"{change}", "sip:a@b", true, change));
        var info = new RegistrationInfo(0, true) { Registrations = [new("sip:a@b", "1", RegistrationStatus.Terminated) { Contacts = [.. contacts] }] };
        var again = Reading.RoundTrip(RegistrationInfo.TryParse, info, static document => document.ToBytes());
        Assert.Equal(info.Registrations[0].Contacts, again.Registrations[0].Contacts);
    }

    [Fact]
    public void TryParse_OtherRoot_IsAFault() => Assert.Equal("this is not a reginfo document", Reading.Fault<RegistrationInfo>(RegistrationInfo.TryParse, "<reginfo/>"));
}
