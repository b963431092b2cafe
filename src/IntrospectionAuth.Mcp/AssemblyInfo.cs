using Microsoft.AspNetCore.Mvc.ApplicationParts;

// MVC would otherwise search this assembly for controllers.
[assembly: ProvideApplicationPartFactory(typeof(NullApplicationPartFactory))]
