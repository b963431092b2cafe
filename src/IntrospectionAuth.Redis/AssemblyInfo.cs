using Microsoft.AspNetCore.Mvc.ApplicationParts;

// MVC would otherwise search this assembly for controllers, which loads StackExchange.Redis also where it is not used.
[assembly: ProvideApplicationPartFactory(typeof(NullApplicationPartFactory))]
